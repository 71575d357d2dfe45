"""Examples and mutants whole, with the verdicts on their labels and the evidence for these.

What may have any keys is JSON in a text, so that all rows have the same columns.
"""

from __future__ import annotations

import json

from neurosym.augment.export.formal import Row
from neurosym.augment.files import write_example
from neurosym.augment.recheck import Agreed, AgreedMutant
from provers.records import write_result


def of_example(agreed: Agreed) -> Row:
    """The example as its file has it, with ``facts``, and ``verdict`` as a result's record.

    Raises InputError for an example that no file can have.
    """
    row: Row = json.loads(write_example(agreed.example))
    return {**row, "facts": _text(row["facts"]), "verdict": _text(write_result(agreed.result))}


def of_mutant(agreed: AgreedMutant) -> Row:
    """The mutant with its whole file as ``code``, and ``verdict`` as a result's record."""
    mutant = agreed.mutant
    return {
        "id": mutant.name,
        "seed": mutant.lineage.seed,
        "changes": list(mutant.lineage.changes),
        "kind": mutant.kind,
        "lemma": mutant.lemma,
        "statement": mutant.statement,
        "proof": mutant.proof,
        "code": mutant.code,
        "trivial": mutant.trivial,
        "verdict": _text(write_result(agreed.result)),
    }


def _text(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)
