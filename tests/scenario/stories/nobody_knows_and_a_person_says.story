workspace tests/scenario/school
# Nothing tells whether a note in the crm was made: it is never made again on a guess, and a person says how it was.
day 2026-11-23
crm answers late
10:00:00 form says lead.came email=ada@example.com
expect ada@example.com effect crm.note unknown
expect H-1 cause automation
expect done crm.note 1
10:30:00 nothing
expect done crm.note 1
crm answers well
11:00:00 maya settles crm.note for ada@example.com arrived
expect done crm.note 1
expect ada@example.com effect crm.note confirmed
expect ada@example.com effect news asks
expect H-1 state resolved
