"""The planner's reasons in plain words, Chinese and English, from their codes and figures; decides nothing."""

WHOM = {
    "travel": "teachers", "outing": "teachers", "unwished": "family", "other_lead": "family", "other_second_lead": "family",
    "unplaced": "family", "late_week": "family", "load": "colleagues",
}  # fmt: skip

# code → (Chinese, English), filled with the figures beside the code.
_WORDS = {
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
    "first_lead": ("由班主任（首选带队教师）带队", "Led by the first of its leads, the class teacher"),
    "other_lead": ("首选带队教师与家长有 {common_slots} 个共同时段，但都排不下，改由另一位教师带队",
                   "The first lead shares {common_slots} slots with the family, none of which worked out, so another teacher leads"),
    "other_lead_no_common_slot": ("首选带队教师与家长没有共同时段，由另一位教师带队",
                                  "The first lead shares no slot with the family, so another teacher leads"),
    "companion": ("可同行的 {companions} 位教师中 {free} 位该时段有空，选中的这位共同行 {outings} 次（平均 {mean_outings} 次）",
                  "{free} of {companions} possible companions are free then; this one goes along {outings} times "
                  "(mean {mean_outings})"),
    "cost_travel": ("教师路上时间变化 {cost:+g}", "Teachers' travel changes by {cost:+g}"),
    "cost_outing": ("外出次数的代价变化 {cost:+g}", "The price of outings changes by {cost:+g}"),
    "cost_unwished": ("家长首选时段的代价变化 {cost:+g}", "Wishes of families: {cost:+g}"),
    "cost_other_lead": ("不由班主任带队的代价变化 {cost:+g}", "Led by another than the first lead: {cost:+g}"),
    "cost_other_second_lead": ("两次家访由不同教师带队的代价变化 {cost:+g}", "Another lead at the second visit: {cost:+g}"),
    "cost_late_week": ("重点家庭推迟的代价变化 {cost:+g}", "Later for families of special care: {cost:+g}"),
    "cost_load": ("同行教师忙闲不均的代价变化 {cost:+g}", "Uneven load of companions: {cost:+g}"),
    "cost_unplaced": ("排不上的代价变化 {cost:+g}", "Visits left out: {cost:+g}"),
    "fixed_conflict": (None, "What is fixed cannot hold: it does not fit the slot or contradicts other fixed visits"),
    "no_lead": (None, "Nobody is named to lead it"),
    "lead_too_far": (None, "All {leads} leads are kept from it by distance or by their number of outings"),
    "companion_too_far": (None, "All {companions} companions are kept from it by distance or by their number of outings"),
    "no_companion": (None, "Nobody is named to go along"),
    "no_slot": (None, "None of the family's {slots} slots lies between its dates"),
    "too_long": (None, "Way and visit take {minutes} min, the longest possible slot has {slot_minutes}"),
    "no_common_slot": (None, "In none of the family's {slots} slots is any of its {leads} leads free"),
    "first_unplaced": (None, "It comes after visit {visit}, which is not placed"),
    "too_soon_after": (None, "No slot is left {min_days} days after visit {visit}"),
    "no_common_pair": (None, "In the {slots} slots in which a lead is free no companion is"),
    "calendars_full": (None, "In all {slots} slots that would work the teachers are taken or at their weekly maximum"),
    "add_lead": ("若 {teacher} 也可带队，可排在 {slot}（代价 {cost:g}）", "If {teacher} may lead too, it fits {slot} (cost {cost:g})"),
    "wider_slot": ("若家长也方便 {slot}，就能排上（代价 {cost:g}）", "If the family could do {slot} too, it fits (cost {cost:g})"),
    "later_date": ("若日期放宽到 {slot}，就能排上（代价 {cost:g}）", "If its dates reached {slot}, it fits (cost {cost:g})"),
    "one_more_outing": ("若带队教师每周可多外出一次，可排在 {slot}（代价 {cost:g}）",
                        "With one more outing a week for its leads it fits {slot} (cost {cost:g})"),
    "one_more_outing_companion": ("若同行教师每周可多外出一次，可排在 {slot}（代价 {cost:g}）",
                                  "With one more outing a week for companions it fits {slot} (cost {cost:g})"),
    "one_more_outing_both": ("若带队与同行教师每周各可多外出一次，可排在 {slot}（代价 {cost:g}）",
                             "With one more outing a week for leads and companions it fits {slot} (cost {cost:g})"),
}  # fmt: skip
_HELP_ONLINE = ("若改为线上家访，可排在 {slot}（代价 {cost:g}）", "Held online it fits {slot} (cost {cost:g})")


def in_words(reason: dict) -> dict:
    """The reason with `text` (Chinese, kept when it is there already and no wording is known) and `english`."""
    chinese, english = _WORDS.get(reason["code"], (None, reason["code"]))
    if reason["code"] == "online" and "slot" in reason:
        chinese, english = _HELP_ONLINE
    text = chinese.format(**reason) if chinese else reason.get("text", "")
    return reason | {"text": text, "english": english.format(**reason)}
