workspace tests/scenario/agency
# A deal comes, and somebody is to call: that is its next action. The call is done and nothing follows: Maya, who answers
# for deals, is told once for both deals. A plan with a date puts it right; its date passes, and its owner is told.
day 2026-11-23
10:00:00 crm says deal.changed email=ada@example.com deal=D1
10:01:00 crm says deal.changed email=ben@example.com deal=D2 domain=other.example.com company=Other
expect H-1 absent
11:00:00 eva does "Call them of Acme about Website" of ada@example.com
expect H-1 cause nobody's work
expect H-1 people 1
expect H-1 owner maya
11:10:00 eva does "Call them of Other about Website" of ben@example.com
expect H-1 people 2
expect told maya 1
12:00:00 maya plans opportunity of ada@example.com "Send an offer" 2026-11-25
expect H-1 people 1
12:10:00 maya plans opportunity of ben@example.com "Send an offer" 2026-11-26
expect H-1 state resolved
day 2026-11-25
12:00:00 nothing
expect H-2 cause overdue
expect H-2 owner maya
12:30:00 maya does "Send an offer" of ada@example.com
expect H-2 state resolved
expect ada@example.com task "Send an offer" done maya
12:40:00 ada@example.com is forgotten
expect ada@example.com is nobody
