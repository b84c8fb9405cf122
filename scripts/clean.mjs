/** Nothing of an earlier build gets into the package. */
import { rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true, maxRetries: 3 });
