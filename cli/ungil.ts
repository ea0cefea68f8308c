#!/usr/bin/env node
/** The `ungil` command. A Node.js that is too old hears so before it is given anything that it cannot read. */
const OLDEST = [20, 11];

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(`ungil: Node.js ${OLDEST.join(".")} or newer is needed, this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  await import("./main.ts");
}
