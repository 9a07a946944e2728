"""表扬、建议采纳、媒体报道和荣誉登记: what the appraisal counts of praise and honours, each with its evidence (O-9).

Recorded by one person and confirmed by a second who is neither concerned nor of the department it counts for;
refused with a reason, withdrawn with a trace. Never: points – they come from the score table in force –, an entry
confirmed by who recorded it or by whom it concerns, or one that disappears.
"""
