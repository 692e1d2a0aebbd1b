"""What the migrations make of an empty schema on a server: every object, and half of its SHA-256.

A test makes a schema anew, and compares; `ledgers.catalogue` says what the digests are of.
"""

_MADE = """
0cbc7a10c8e2bc3ec1b1748f2ba0dc65 columns of: agreements
2ca67b67b1435da3a2861ef9ca46015c columns of: assents
94c545af191ec5ec5ffafc205a25bc6c columns of: audit
456686235ebe5e9fc4b2603fe0b4e9ee columns of: batches
38bae887f3a987191747fca4d2c427eb columns of: dispute_outcomes
64da18c4887395bec5fccc2da99f5321 columns of: disputes
7f71418f72962e0f9321ff3f79fb3f09 columns of: documents
57eb39ad38159cb5d3b02202a6fcd56a columns of: evidence
3de8032088a38d5bb7cab57ab4bb4c9c columns of: keys
9d55b8a377000c2d84cda9a269876ec3 columns of: lines
22d9a413a75a05226d49a681038e543a columns of: mappings
24a233a04622b5d841e6fcda2f6e86ff columns of: measures
4d16258018067868e8fecf65066d30b9 columns of: meta
cc6e5f5091cb1fea16a546e9a5b032d7 columns of: note_statements
3fe5419eb7b9176b7d948da6ce222a2e columns of: notes
006ad6e021e23d49df1e1476d0668d84 columns of: pack_parts
24391f67bff7b2c7687c3fd319fc24af columns of: period_states
a6efb5656260792acb25ebb302bdb939 columns of: signatures
20f96a0816c544c9e8d8c24f610c5429 columns of: totals
b54525b0de1cb6f6d3299ea7e65de5df columns of: withdrawals
e7ede6283c4269894f560b300594c9ed constraints of: agreements
94444179b6c3b9e1bbe72c3307aa6e3b constraints of: assents
f075d9e42dbe985fbba745ea51058a8f constraints of: audit
fdc2e31fa5dbf703cff4aa9d035d64fe constraints of: batches
8658e999c555c634cf4aa3ebd52fb314 constraints of: dispute_outcomes
c6c4234ad8b9a9b06613827151bc17af constraints of: disputes
9c95a26609f26830dd49a03af3b716de constraints of: documents
fdc3c58069b1a75aae99e6294a6ce7ae constraints of: evidence
ced39545ad82917ec0f1907bbb15fd9a constraints of: keys
9891272c5736ee63f9e1108582502b88 constraints of: lines
c0fa6a70f211067d5815c4a33c25e8e7 constraints of: mappings
265ff301ce6eaf7568e103725c96aaee constraints of: measures
3df3c80cca9e92260ed3982ba850532b constraints of: meta
e0f937d3d39d61c5c2c32ab156c6ba4d constraints of: note_statements
d43b6b8b8976763736605e34bef2938a constraints of: notes
15ec21cc51591c4b155c264a002a9558 constraints of: pack_parts
eac34f42945effb42fbe8fb603f4568f constraints of: period_states
b656003d9fcdbeb4db1e7468b5912ca9 constraints of: signatures
c5b80b0c19863ceaf5ece3521c869fff constraints of: totals
7f47fdaf72d113cc4ee80323cda4d844 constraints of: withdrawals
23bdb22373d1d384601e8e6b5914df77 function: refuse_agreements_open
257a9c7ef79fa99919c8d82e069db9c2 function: refuse_change
37cef71845e0e4606b7dda793704a176 function: refuse_lines
24797f71a2694c6ea4d9601e8effbbf5 function: refuse_measures_open
99f256fe27c93af230ee7fe46f64eac7 function: refuse_period_states_final
6868d9c45df537c3fd4c54689b0b2d7f function: refuse_period_states_sealed
aca04d9c4e80ed9ca71f5cab97b050f5 function: refuse_period_states_signed
5874d25a91c388a1c648a396e5ba3829 function: refuse_signatures_withdrawn
5a0dae66bb4197c7d62a6632765e4d27 function: refuse_withdrawals_complete
708ea1fa23aad0a22f0e6957441c68a8 trigger: agreements_refuse_change on agreements
5c876a59b2630ad7ff55ee952b297c8d trigger: agreements_refuse_open on agreements
708ea1fa23aad0a22f0e6957441c68a8 trigger: assents_refuse_change on assents
708ea1fa23aad0a22f0e6957441c68a8 trigger: audit_refuse_change on audit
708ea1fa23aad0a22f0e6957441c68a8 trigger: batches_refuse_change on batches
708ea1fa23aad0a22f0e6957441c68a8 trigger: dispute_outcomes_refuse_change on dispute_outcomes
708ea1fa23aad0a22f0e6957441c68a8 trigger: disputes_refuse_change on disputes
708ea1fa23aad0a22f0e6957441c68a8 trigger: documents_refuse_change on documents
708ea1fa23aad0a22f0e6957441c68a8 trigger: evidence_refuse_change on evidence
708ea1fa23aad0a22f0e6957441c68a8 trigger: keys_refuse_change on keys
708ea1fa23aad0a22f0e6957441c68a8 trigger: lines_refuse_change on lines
0f4aa7d3eec1aef5c7a024cb97f01950 trigger: lines_refuse_closed on lines
708ea1fa23aad0a22f0e6957441c68a8 trigger: mappings_refuse_change on mappings
708ea1fa23aad0a22f0e6957441c68a8 trigger: measures_refuse_change on measures
ba99178a8af22414cfd9d1263d0b203c trigger: measures_refuse_open on measures
708ea1fa23aad0a22f0e6957441c68a8 trigger: meta_refuse_change on meta
708ea1fa23aad0a22f0e6957441c68a8 trigger: note_statements_refuse_change on note_statements
708ea1fa23aad0a22f0e6957441c68a8 trigger: notes_refuse_change on notes
708ea1fa23aad0a22f0e6957441c68a8 trigger: pack_parts_refuse_change on pack_parts
708ea1fa23aad0a22f0e6957441c68a8 trigger: period_states_refuse_change on period_states
4d2b426fba10ace1a2e1b03853562491 trigger: period_states_refuse_final on period_states
7835e77bcdb1cc68e5b7de1e386dc33a trigger: period_states_refuse_sealed on period_states
9e7a259136a766eb0d16279cb831a443 trigger: period_states_refuse_signed on period_states
708ea1fa23aad0a22f0e6957441c68a8 trigger: signatures_refuse_change on signatures
75d5271b337e74ad2b90cc1fe8d27f1f trigger: signatures_refuse_withdrawn on signatures
708ea1fa23aad0a22f0e6957441c68a8 trigger: withdrawals_refuse_change on withdrawals
bb57a1eca4606738d566070d5c07fbee trigger: withdrawals_refuse_complete on withdrawals
d68cfa86364053606c8aa3778b85fba7 unique indexes of: agreements
83e20d219f2fd4ddba1bccc69c0bfed1 unique indexes of: assents
b1d163510d8672a2cc150150f3cb9fd4 unique indexes of: audit
6e94484751590ab4467a45d5e7d1c4da unique indexes of: batches
67f5d050ad62673b94eb333fbd4f8066 unique indexes of: dispute_outcomes
32d680e734e934cba958e53504feb07d unique indexes of: disputes
71febf0a3d2d9b5c1b8c50a956bd17f0 unique indexes of: documents
25a82a0ddfc654a347e53af8640f7764 unique indexes of: evidence
844f6bf3013e4aa8e1461bd96c9d8929 unique indexes of: keys
e7014f87178679be78cf91768600462f unique indexes of: lines
51878b2ddb432756c714fa8d2288d0f0 unique indexes of: mappings
488b76757eb00c2e4e0bf31737e81f5a unique indexes of: measures
1347e0a3fa66f817a9004a3c8975fa10 unique indexes of: meta
59d8c08e0c47e6234a4b4bd7e58aca11 unique indexes of: note_statements
284b12cac8f81e49c0ac3fad33bee114 unique indexes of: notes
0f10ee8a92a661ba2ed4e9e3412287c4 unique indexes of: pack_parts
c0c4307f7b516b70efad4dc9300989d2 unique indexes of: period_states
f1175c4b1299e8d4ddf8a7059a5c7ff4 unique indexes of: signatures
249852b80d63ac83ddc6f93a7d675aaf unique indexes of: totals
bb23bcb04756580281f379f2e471fbf1 unique indexes of: withdrawals
"""
MADE: dict[tuple[str, str], str] = {}
"""The digest of every object by its kind and name."""

for _line in _MADE.split("\n")[1:-1]:
    _digest, _, _told = _line.partition(" ")
    _kind, _, _name = _told.partition(": ")
    MADE[_kind, _name] = _digest
