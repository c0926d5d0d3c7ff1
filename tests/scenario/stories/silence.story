# The form sends nothing for two days: its owner is told. When it speaks again the issue closes by itself.
day 2026-11-23
09:00 website_form says form.submitted email=ada@example.com
day 2026-11-27
09:00 nothing
expect H-1 cause silence
expect H-1 owner dan
expect told dan 1
10:00 website_form says form.submitted email=ben@example.com
expect H-1 state resolved
