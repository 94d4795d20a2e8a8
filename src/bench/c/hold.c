#include "load.h"
#include "measure.h"

#include <stdio.h>
#include <unistd.h>

void hold(const LoadOptions *options) {
    for (unsigned i = 0; i < options->connections; i++) {
        connect_to_server(options, 0);
    }
    printf("holding %u connections\n", options->connections);
    fflush(stdout);
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
}
