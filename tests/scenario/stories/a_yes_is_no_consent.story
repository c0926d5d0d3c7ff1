workspace tests/scenario/school
# Ida did not agree to news. Maya says yes to the letter, and it does not leave all the same; that is no "no" of Maya's, so
# what comes after it is done.
day 2026-11-23
10:00:00 form says lead.came email=ida@example.com offer=big agrees=false
expect ida@example.com effect news asks
10:30:00 maya approves news for ida@example.com
expect ida@example.com effect news withdrawn
expect automation news running 0 done 1 stopped 0
expect told dan 1
