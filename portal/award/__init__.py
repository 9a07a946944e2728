"""评先评优: rounds in which persons and collectives are nominated, voted on, reviewed, decided and published (O-7).

Nomination with self-summary → secret vote of a circle → review by the supervision group → decision by the principal →
publication with a time for objections → certificates. Eligibility is applied by the portal, with its reason, when
somebody is nominated, before the vote and before the decision (E-5, A-4). Never: a vote on oneself or one's own
department, a ballot that can be traced to who cast it, a decision by somebody nominated, an award that disappears.
"""
