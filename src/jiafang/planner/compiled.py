"""How the planner's inner loops are compiled: cached on disk, without the interpreter's lock, no memory of their own."""

from numba import njit

# Kernels only use arrays they are given, so numba's counting of references, most of the time of such small functions,
# is switched off. A call hands over every field of every array of `Data` and `State`, some hundred words, so what is
# called in every step of a search is `small`: written out where it is called.
kernel = njit(cache=True, nogil=True, _nrt=False)
small = njit(cache=True, nogil=True, _nrt=False, forceinline=True)
