"""The rule shapes seen in real agreements, as templates that a person chooses from and puts into a schedule.

They are taken in the order of the schedule: a template's clauses come after those that are there. Each names where it
was seen, as the domain's papers have it.
"""

from rules.template_form import Template
from rules.template_gaps import gaps
from rules.template_reserves import FIRST_CALLS, RESERVES_FIRST, UNDERSPENDS
from rules.template_rewards import BENEFIT, CORRIDOR, MINIMUM_SAVINGS, PERFORMANCE
from rules.template_sharing import CONTRIBUTIONS, FIXED, MAXIMUM, PART, RESPONSIBLE, TOGETHER

TEMPLATES: tuple[Template, ...] = (
    FIXED,  # Telford & Wrekin
    CONTRIBUTIONS,  # Oxfordshire, BLMK
    RESPONSIBLE,  # Hammersmith & Fulham, section 7.5
    PART,  # Wirral
    MAXIMUM,  # Rotherham
    RESERVES_FIRST,  # Fife
    FIRST_CALLS,  # Rotherham
    UNDERSPENDS,
    CORRIDOR,  # the statutory corridor of the United States
    BENEFIT,  # Barnet, section 7B: five bases, three uses
    MINIMUM_SAVINGS,
    PERFORMANCE,  # Better Care Fund 2015/16
    TOGETHER,  # Barnet, section 7B: both partners may wish to cap their exposure
)

TEMPLATE_OF = {template.key: template for template in TEMPLATES}

__all__ = ["TEMPLATES", "TEMPLATE_OF", "Template", "gaps"]
