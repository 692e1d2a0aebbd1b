"""A new ledger half thought out, to look at the wizard with: figures of a Better Care Fund, made up."""

from settlement.new_ledger import KEY, Content, Rule

SAMPLE_CONTENT = Content(
    title="Barnet Better Care Fund",
    year="2026/27",
    partners=(
        {KEY: "council", "name": "London Borough of Barnet"},
        {KEY: "icb", "name": "NHS North Central London Integrated Care Board"},
    ),
    funds=(
        {KEY: "pool", "name": "Better Care Fund", "code": "BCF", "netting": "Each scheme alone"},
        {KEY: "aligned", "name": "Influenced services", "kind": "Aligned", "host": "ICB"},
    ),
    schemes=(
        {KEY: "home", "name": "Home first", "tags": "BCF"},
        {KEY: "beds", "name": "Intermediate care beds", "lead": "ICB"},
        {KEY: "equipment", "name": "Community equipment", "responsible": "ICB", "tags": "BCF"},
        {KEY: "dfg", "name": "Disabled Facilities Grant", "excluded": "Yes"},
        {KEY: "acute", "name": "Emergency admissions", "fund": "Influenced services", "service": "Influenced"},
    ),
    contributions={
        "home": {"council": "£3,000,000.00", "icb": "£2,150,000.00"},
        "beds": {"icb": "£1,500,000.00"},
        "equipment": {"council": "£700,000.00", "icb": "£1,100,000.01"},
        "dfg": {"council": "£2,284,000.00"},
        "acute": {"icb": "58,613,86B"},
    },
    rules=(
        Rule(
            "first_calls", {"reserve_opening": "500,000", "maxima": {"LBB": "150,000", "ICB": "2%"}, "beyond": "lead"}
        ),
        Rule("underspends", {"goes": "carried", "reserve": "reserve:RISKPOOL"}),
        Rule("benefit", {"basis": "pooled"}),
    ),
)
