import { table } from "../option.ts";

/** Which queue. */
export const QUEUE_OPTIONS = table({
	redis: {
		group: "Queue",
		kind: "text",
		value: "URL",
		sets: "redis",
		describe:
			"Redis or Valkey that holds the queue, redis://HOST:PORT/DB or rediss:// for TLS, with USER:PASSWORD@ if need be; default: REDIS_URL. A variable hides the password from other users of this machine",
	},
	"redis-ca-file": {
		group: "Queue",
		kind: "text",
		value: "FILE",
		sets: "redisCaFile",
		describe: "PEM file with certificate authorities to trust for rediss://",
	},
	postgres: {
		group: "Queue",
		kind: "text",
		value: "URL",
		sets: "postgres",
		describe: "PostgreSQL that holds the queue instead, postgres://HOST:PORT/DATABASE; experimental",
	},
	queue: {
		group: "Queue",
		kind: "text",
		value: "NAME",
		sets: "queueName",
		describe: "Name of the queue, the same for all who share the work; default: zipferry",
	},
});

/** How a worker works. */
export const WORKER_OPTIONS = table({
	...QUEUE_OPTIONS,
	concurrency: {
		group: "Queue",
		kind: "number",
		allowed: "a whole number from 1 to 64",
		default: 1,
		describe: "Shards to make at once: 1 to 64",
	},
	metrics: {
		group: "Queue",
		kind: "text",
		value: "ADDRESS:PORT",
		describe: "Offer metrics to Prometheus at this address, such as 0.0.0.0:9464; a port alone: of 127.0.0.1",
	},
});

/** What becomes of an archive that is put into a queue. */
export const SUBMIT_OPTIONS = table({
	...QUEUE_OPTIONS,
	wait: {
		group: "Queue",
		kind: "flag",
		describe:
			"Wait until the archive is complete, with the progress of all workers; Ctrl-C ends the waiting, not the work",
	},
	resume: {
		group: "Queue",
		kind: "flag",
		describe:
			"Put what is missing of an archive into the queue again; instead of sources, name its plan: a file, - for stdin, or the address of its manifest",
	},
});
