/* The handrail program. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return hr_cli_run(argc, argv);
}
