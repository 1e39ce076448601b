"""Components every room builds its pages from: tags, lists, toasts and their looks; knows no room and no person."""
