workspace tests/scenario/school
# Paused: nothing leaves, also what was approved before; afterwards what waited is sent, or dropped.
day 2026-11-23
crm answers well
post answers well
10:00:00 maya holds customers
10:00:01 form says lead.came email=ada@example.com
10:00:02 form says lead.came email=bo@example.com
10:05:00 maya approves news for ada@example.com
10:05:00 maya approves news for bo@example.com
expect done news 0
10:06:00 maya pauses news
10:06:30 maya unholds customers
expect done news 0
expect ada@example.com effect news planned
11:00:00 form says lead.came email=cy@example.com
expect automation news running 2 kept_out 1
12:00:00 maya resumes news
expect done news 2
expect ada@example.com effect news confirmed
expect automation news running 0 done 2
expect told dan 2
13:00:00 maya pauses news
13:00:01 maya resumes news drop
