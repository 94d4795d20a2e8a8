package io.nio2uring.fuzz;

/** One step of a program. Prints itself; waits for its outcome unless its name begins with Start. */
interface Step {
    /** Does it and notes what came of it; an exception that it throws is noted by the caller. */
    void run(World world) throws Exception;
}
