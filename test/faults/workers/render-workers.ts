/** What becomes of an archive by many workers, held by a test of this title; below `test/`. */
export interface WorkerRow {
	readonly what: string;
	readonly end: string;
	readonly test: string;
	/** Of the test, or the beginning of it. */
	readonly title: string;
}

const FINISH = "shards/finish/finish-shards.test.ts";
const WORK = "shards/work/make-shard.test.ts";
const WORKERS = "queue/workers-that-go.test.ts";
const FLOW = "queue/flow.test.ts";

export const WORKER_ROWS: readonly WorkerRow[] = [
	{
		what: "a worker is killed",
		end: "another one makes its shard, within 30 seconds",
		test: WORKERS,
		title: "of a worker that is killed is taken over within 30 seconds",
	},
	{
		what: "a worker is frozen past its lock, and wakes when the shard is made",
		end: "its parts are the same; it leaves everything as it is",
		test: WORKERS,
		title: "of a worker that is frozen past its lock is made by another, and left when it wakes",
	},
	{
		what: "a worker is told to stop",
		end: "its shard is given back at once, exit code 0",
		test: WORKERS,
		title: "is given back at once by a worker that is told to stop, and the process ends well",
	},
	{
		what: "two workers make one shard at the same time",
		end: "both succeed, with the same bytes",
		test: WORK,
		title: "can be called by two workers for one shard at the same time",
	},
	{
		what: "a source is another by now",
		end: "the shard fails, and with it the archive: exit code 4",
		test: FLOW,
		title: "fails at once, with its message, when a source has changed",
	},
	{
		what: "a worker would compress to other bytes",
		end: "it refuses before it reads anything: exit code 7",
		test: WORK,
		title: "refuses if it would compress to other bytes, before it reads anything",
	},
	{
		what: "the storage fails and breaks off while a shard is made",
		end: "the requests are repeated",
		test: WORK,
		title: "gets over a storage that fails and breaks off",
	},
	{
		what: "Redis is restarted, and has kept its jobs",
		end: "the archive goes on",
		test: WORKERS,
		title: "goes on when the queue is restarted and has kept its jobs",
	},
	{
		what: "Redis is restarted empty",
		end: "`submit --resume` goes on with what the storage has",
		test: WORKERS,
		title: "goes on by resume when the queue is restarted empty",
	},
	{
		what: "others replace a part that was made",
		end: "finish finds it and makes the shard again",
		test: FINISH,
		title: "has a part that others have replaced",
	},
	{
		what: "a shard stays other than its slice says",
		end: "finish fails and keeps everything",
		test: FINISH,
		title: "gives up on a shard that stays other than its slice says, and keeps everything",
	},
	{
		what: "the manifest is damaged",
		end: "finish refuses and keeps everything",
		test: FINISH,
		title: "refuses a damaged manifest, and keeps everything",
	},
	{
		what: "finish runs a second time, or twice at once",
		end: "one archive; the later one finds it complete",
		test: FINISH,
		title: "is done twice at the same time",
	},
	{
		what: "finish is killed when the archive is complete",
		end: "the next one removes what is left beside it",
		test: FINISH,
		title: "goes on where a finish was killed before it had removed the helper objects",
	},
	{
		what: "the upload is removed while workers are at it",
		end: "they say that it is over; abort removes the rest",
		test: FINISH,
		title: "says that it is over when the upload was removed by others, and abort removes the rest",
	},
	{
		what: "all of it at random: workers killed and frozen, Redis restarted, a tenth of the requests fails",
		end: "30 runs: 30 right archives, no wrong byte, nothing left after abort",
		test: "faults/workers/chaos.test.ts",
		title: "are right or fail cleanly",
	},
];

export function renderWorkers(): string {
	return [
		"## Many workers",
		"",
		"What becomes of an archive that many workers make. Each line has a test of its own; the last one was run with 52 kills, 32 freezes, 12 restarts of Redis and 243 faults in 2,553 requests (`npm run test:soak`).",
		"",
		"| what goes wrong | zipferry | test |",
		"|---|---|---|",
		...WORKER_ROWS.map(({ what, end, test }) => `| ${what} | ${end} | \`test/${test}\` |`),
	].join("\n");
}
