/** The command that makes this program the process for one target. */
export const TARGET_COMMAND = "sweep-target";
