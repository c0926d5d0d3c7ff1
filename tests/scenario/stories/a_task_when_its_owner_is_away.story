workspace tests/scenario/agency
# Dan is on holiday: the task is Maya's, his deputy's. The form sent no name: the task says what it can, and Maya is told.
day 2026-12-02
10:00:00 form says lead.came email=ada@example.com
expect ada@example.com task Call open maya 2026-12-03
expect H-1 cause automation
expect H-1 owner maya
