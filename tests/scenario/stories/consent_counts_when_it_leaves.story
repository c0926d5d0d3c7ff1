workspace tests/scenario/school
# Bo never agreed. Ada agreed, and changes her mind while her letter waits for Maya's yes: neither gets news.
day 2026-11-23
crm answers well
10:00:00 form says lead.came email=bo@example.com agrees=false
10:00:00 form says lead.came email=ada@example.com
expect ada@example.com effect news asks
10:05:00 maya approves news for bo@example.com
expect bo@example.com effect news withdrawn
expect done news 0
10:10:00 form says lead.came email=ada@example.com agrees=false
10:15:00 maya approves news for ada@example.com
expect ada@example.com effect news withdrawn
expect done news 0
expect done crm.note 2
