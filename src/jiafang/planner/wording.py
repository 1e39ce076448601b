"""The planner's reasons in plain words, Chinese and English, from their codes and figures; decides nothing."""

from .model import Costs

WHOM = {
    "travel": "teachers", "outing": "teachers", "unwished": "family", "other_lead": "family", "other_second_lead": "family",
    "unplaced": "family", "late_week": "family", "load": "colleagues",
}  # fmt: skip
# Which price a part of the cost is counted in; the rest are called alike.
_PRICE = {"travel": "travel_min"}

# code → (Chinese, English), filled with the figures beside the code.
WORDS = {
    # why this slot
    "fixed": ("已经约定，不再改动", "Already agreed, so it stays"),
    "possible": ("家长方便的时段有 {slots} 个，其中此刻可行的有 {works_now} 个",
                 "The family can do {slots} slots; {works_now} of them work as the plan stands"),
    "wished": ("是家长首选的时段", "It is a slot the family wished for"),
    "not_wished": ("家长方便，但不在其首选的 {wished} 个时段内", "The family can, but it is not one of its {wished} wished slots"),
    "together": ("与另外 {homes} 户同路，最近的一户相距 {nearest_min} 分钟；顺路只多走 {detour_min} 分钟，单独去要 {alone_min} 分钟",
                 "It shares an outing with {homes} more homes, the nearest {nearest_min} min away; that adds {detour_min} min of "
                 "travel, going alone would take {alone_min}"),
    "alone": ("单独前往，往返路上 {way_min} 分钟", "It is an outing of its own, {way_min} min of travel"),
    "online": ("线上家访，同一时段还有 {others} 次线上家访", "Online; its lead holds {others} more in that slot"),
    "early": ("重点关注的家庭尽早走访，现排在第 {weeks} 周之后", "Special care goes first; {weeks} whole weeks after the start"),
    "after": ("距上一次家访 {days} 天，要求至少 {min_days} 天", "{days} days after the visit before it, {min_days} needed"),
    # why these two
    "first_lead": ("由班主任（首选带队教师）带队", "Led by the first of its leads, the class teacher"),
    "other_lead": ("首选带队教师与家长有 {common_slots} 个共同时段，但都排不下，改由另一位教师带队",
                   "The first lead shares {common_slots} slots with the family, none of which worked out, so another teacher leads"),
    "other_lead_no_common_slot": ("首选带队教师与家长没有共同时段，由另一位教师带队",
                                  "The first lead shares no slot with the family, so another teacher leads"),
    "companion": ("可同行的 {companions} 位教师中 {free} 位该时段有空，选中的这位共同行 {outings} 次（平均 {mean_outings} 次）",
                  "{free} of {companions} possible companions are free then; this one goes along {outings} times "
                  "(mean {mean_outings})"),
    # what a change costs whom
    "cost_travel": ("教师路上 {amount:+g} 分钟", "teachers' travel {amount:+g} min"),
    "cost_outing": ("外出 {amount:+g} 趟", "outings {amount:+g}"),
    "cost_unwished": ("不在家长首选时段的家访 {amount:+g} 次", "visits outside the families' wishes {amount:+g}"),
    "cost_other_lead": ("不由班主任带队的家访 {amount:+g} 次", "visits not led by the class teacher {amount:+g}"),
    "cost_other_second_lead": ("两次家访换人带队 {amount:+g} 户", "families whose second visit has another lead {amount:+g}"),
    "cost_late_week": ("重点家庭推迟 {amount:+g} 周", "weeks that special care waits {amount:+g}"),
    "cost_load": ("同行次数的不均 {amount:+g}", "unevenness of going along {amount:+g}"),
    "cost_unplaced": ("排不上的代价 {cost:+g}", "price of visits left out {cost:+g}"),
    # why a visit is nowhere
    "fixed_conflict": ("已固定的安排走不通：放不进该时段，或与其他固定安排、先后顺序冲突",
                       "What is fixed cannot hold: it does not fit the slot or contradicts other fixed visits"),
    "no_lead": ("没有可带队的教师", "Nobody is named to lead it"),
    "lead_too_far": ("可带队的教师有 {leads} 位，都受距离或外出次数限制，去不了",
                     "Distance or their number of outings keeps all {leads} leads from it"),
    "companion_too_far": ("可同行的教师有 {companions} 位，都受距离或外出次数限制，去不了",
                          "Distance or their number of outings keeps all {companions} companions from it"),
    "no_companion": ("没有能同行的教师", "Nobody is named to go along"),
    "nothing_possible": ("没有一个家长方便的时段", "The family can do no slot at all"),
    "no_slot": ("家长可选的 {slots} 个时段都不在规定日期内", "None of the family's {slots} slots lies between its dates"),
    "too_long": ("往返加访谈要 {minutes} 分钟，最长的可选时段只有 {slot_minutes} 分钟",
                 "Way and visit take {minutes} min, the longest possible slot has {slot_minutes}"),
    "no_common_slot": ("家长可选的 {slots} 个时段里，可带队的教师都没有空",
                       "In none of the family's {slots} slots is any of its {leads} leads free"),
    "first_unplaced": ("须排在“{visit}”之后，而它没有排上", "It comes after visit {visit}, which is not placed"),
    "too_soon_after": ("与“{visit}”须间隔 {min_days} 天，之后没有可用时段", "No slot is left {min_days} days after visit {visit}"),
    "no_common_pair": ("带队教师有空的 {slots} 个时段里，没有能同行的教师", "In the {slots} slots in which a lead is free no companion is"),
    "calendars_full": ("{slots} 个可行时段里，教师已有安排或达到每周上限",
                       "In all {slots} slots that would work the teachers are taken or at their weekly maximum"),
    # what would help
    "add_lead": ("若 {teacher} 也可带队，可排在 {slot}（代价 {cost:g}）", "If {teacher} may lead too, it fits {slot} (cost {cost:g})"),
    "add_companion": ("若 {teacher} 也可同行，可排在 {slot}（代价 {cost:g}）", "If {teacher} may go along too, it fits {slot} (cost {cost:g})"),
    "wider_slot": ("若家长也方便 {slot}，就能排上（代价 {cost:g}）", "If the family could do {slot} too, it fits (cost {cost:g})"),
    "later_date": ("若日期放宽到 {slot}，就能排上（代价 {cost:g}）", "If its dates reached {slot}, it fits (cost {cost:g})"),
    "shorter_gap": ("若与前一次家访只隔 {min_days} 天，可排在 {slot}（代价 {cost:g}）",
                    "With {min_days} days since the visit before it, it fits {slot} (cost {cost:g})"),
    "help_online": ("若改为线上家访，可排在 {slot}（代价 {cost:g}）", "Held online it fits {slot} (cost {cost:g})"),
    "one_more_outing": ("若带队教师每周可多外出一次，可排在 {slot}（代价 {cost:g}）",
                        "With one more outing a week for its leads it fits {slot} (cost {cost:g})"),
    "one_more_outing_companion": ("若同行教师每周可多外出一次，可排在 {slot}（代价 {cost:g}）",
                                  "With one more outing a week for companions it fits {slot} (cost {cost:g})"),
    "one_more_outing_both": ("若带队与同行教师每周各可多外出一次，可排在 {slot}（代价 {cost:g}）",
                             "With one more outing a week for leads and companions it fits {slot} (cost {cost:g})"),
    # why a leader falls short
    "no_outings_allowed": ("这位教师每周外出上限为 0", "This teacher may make no outings at all"),
    "no_free_slot": ("这位教师没有可用时段", "This teacher is free in no slot"),
    "no_outing_when_free": ("这位教师有空的时段里没有外出家访", "Nobody goes out in the slots in which this teacher is free"),
    "calendar_full": ("有空时段里的 {outings} 次外出已满员、太远或达到每周上限",
                      "The {outings} outings in free slots are full, too far or beyond the weekly maximum"),
}  # fmt: skip
# A help for the visit that another one comes after.
_FIRST = ("先排上“{visit}”：", "First visit {visit}: ")


def in_words(reason: dict) -> dict:
    """The reason with `text` (Chinese) and `english`. Raises KeyError for a code without words."""
    helps = "slot" in reason and "cost" in reason
    chinese, english = WORDS["help_online" if helps and reason["code"] == "online" else reason["code"]]
    if helps and "visit" in reason:
        chinese, english = _FIRST[0] + chinese, _FIRST[1] + english
    return reason | {"text": chinese.format(**reason), "english": english.format(**reason)}


def falls_on(parts: dict[str, float], costs: Costs) -> tuple[dict, ...]:
    """Whom a change of the cost's parts falls on: `code`, `whom`, `cost`, `amount` (minutes, outings, visits) and words."""
    return tuple(
        in_words({"code": f"cost_{name}", "whom": WHOM[name], "cost": more,
                  "amount": round(more / getattr(costs, _PRICE.get(name, name)), 2)})
        for name, more in parts.items()
        if name in WHOM and abs(more) > 1e-9
    )  # fmt: skip
