import { completion } from "./about/completion.ts";
import { help } from "./about/help.ts";
import { man } from "./about/man.ts";
import { backups } from "./archives/backups.ts";
import { drill } from "./archives/drill.ts";
import { prune } from "./archives/prune.ts";
import { backup } from "./backup/backup.ts";
import { init } from "./backup/init/init.ts";
import { run } from "./backup/run.ts";
import { schedule } from "./backup/schedule.ts";
import type { Command } from "./command.ts";
import { append } from "./edit/append.ts";
import { merge } from "./edit/merge.ts";
import { remove } from "./edit/remove.ts";
import { cancel } from "./queue/cancel.ts";
import { status } from "./queue/status.ts";
import { submit } from "./queue/submit.ts";
import { worker } from "./queue/worker.ts";
import { cat } from "./read/cat.ts";
import { diff } from "./read/diff.ts";
import { extract } from "./read/extract.ts";
import { ls } from "./read/ls.ts";
import { verify } from "./read/verify.ts";
import { serve } from "./serve/serve.ts";
import { shardsAbort } from "./shards/abort.ts";
import { shardsFinish } from "./shards/finish.ts";
import { shardsPlan } from "./shards/plan.ts";
import { shardsStatus } from "./shards/status.ts";
import { shardsWork } from "./shards/work.ts";
import { doctor } from "./storage/doctor.ts";
import { uploads } from "./storage/uploads.ts";
import { create } from "./write/create.ts";
import { upload } from "./write/upload.ts";

const all = () => COMMANDS;

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
	upload,
	create,
	append,
	merge,
	remove,
	serve,
	ls,
	cat,
	extract,
	verify,
	diff,
	backup,
	run,
	init,
	schedule,
	backups,
	prune,
	drill,
	uploads,
	doctor,
	shardsPlan,
	shardsWork,
	shardsFinish,
	shardsStatus,
	shardsAbort,
	submit,
	worker,
	status,
	cancel,
	help(all),
	completion(all),
	man(all),
];
