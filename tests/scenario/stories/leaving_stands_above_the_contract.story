# The field's contract names who may write it, and a person chose a value: neither keeps a customer who wants to leave.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:05 ada@example.com leaves marketing
expect ada@example.com consent_email = withdrawn
expect ada@example.com may not get marketing "withdrew from marketing"
expect ada@example.com may get service "service needs no consent"
10:10 ada@example.com leaves service
expect ada@example.com may not get service "withdrew from service"
