/* The handrail program. */
#include "cli/cli.h"

#include <sys/stat.h>

int main(int argc, char **argv)
{
    (void)umask(0077); /* what is kept of customers is for the owner's eyes */
    return hr_cli_run(argc, argv);
}
