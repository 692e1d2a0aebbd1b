"""The sample ledgers that `s75 demo` makes: real agreements and published figures, profiled over twelve months.

What the papers publish is for a whole year. The months are illustrative, and so are a few events put into them so that
monthly statements have something to say; each line's description says which it is, and each sample lists both. At M12
the year is the published one, to the penny. `settlement.samples.published` holds the figures as the papers print them.
"""

from rules.agreement import Agreement
from settlement.samples.barnet import BARNET
from settlement.samples.hammersmith import HAMMERSMITH
from settlement.samples.sample import Sample, SampleLine, write_sample

SAMPLES: tuple[Sample, ...] = (*BARNET, HAMMERSMITH)


def sample_of(agreement: Agreement) -> Sample | None:
    """The sample that a ledger was made of, so that its statements say what is illustrative; None for real ledgers."""
    return next((sample for sample in SAMPLES if f'title = "{agreement.title}"' in sample.agreement_text), None)


__all__ = ["SAMPLES", "Sample", "SampleLine", "sample_of", "write_sample"]
