import { lockJob } from "../../../src/backup/lock/lock-job.ts";
import type { KeyTemplate } from "../../../src/backup/template/key-template.ts";

/** Takes the lock of the job whose facts it gets, says so, and keeps it until it is killed. */
const [template, address] = JSON.parse(process.argv[2] ?? "") as [KeyTemplate, string | undefined];
await lockJob({ ...template, keyAt: () => template.prefix }, { waitMs: 0, address });
process.stdout.write("locked\n");
setInterval(() => {}, 1e6);
