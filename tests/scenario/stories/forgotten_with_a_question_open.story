# Somebody is forgotten while a question about her is open: nobody is asked about her any more.
day 2026-11-23
10:00:00 website_form says form.submitted email=ada@example.com offer=group_program
10:10:00 maya sets ada@example.com offer = one_to_one
10:20:00 website_form says form.submitted email=ada@example.com offer=discovery_call
expect H-1 people 1
10:30:00 ada@example.com is forgotten
expect ada@example.com is nobody
expect H-1 state resolved
expect H-1 people 0
