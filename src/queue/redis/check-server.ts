import { messageOf } from "../../errors.ts";
import { QueueError } from "../queue-error.ts";

/** The oldest Redis that BullMQ uses all it needs of. */
const OLDEST = [6, 2] as const;

/** What is asked of a client of Redis. */
export interface InfoClient {
	info(): Promise<string>;
}

/**
 * Makes sure that a server keeps a queue: one that throws keys away when its memory is full loses jobs, and a flow waits for ever.
 *
 * @param shown - Its address, for messages.
 * @throws {QueueError} `QUEUE_REFUSED`
 */
export async function checkServer(client: InfoClient, shown: string): Promise<void> {
	const facts = readInfo(await ask(client, shown));
	// `INFO` has the policy too: `CONFIG` is forbidden where others run the server.
	const { redis_version: version = "", maxmemory_policy: policy, role } = facts;
	const [major = 0, minor = 0] = version.split(".").map(Number);
	if (version !== "" && (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])))
		throw new QueueError(
			"QUEUE_REFUSED",
			`${shown} is Redis ${version}; a queue needs ${OLDEST.join(".")} or newer`,
		);
	if (role === "slave" || role === "replica")
		throw new QueueError(
			"QUEUE_REFUSED",
			`${shown} is a replica, which cannot be written to; name its master`,
		);
	if (policy !== undefined && policy !== "noeviction")
		throw new QueueError(
			"QUEUE_REFUSED",
			`${shown} has the maxmemory-policy ${policy}, and would throw jobs away when its memory is full; set it to noeviction`,
		);
}

async function ask(client: InfoClient, shown: string): Promise<string> {
	try {
		return await client.info();
	} catch (error) {
		throw new QueueError("QUEUE_REFUSED", `${shown} does not answer INFO: ${messageOf(error)}`, {
			cause: error,
		});
	}
}

function readInfo(text: string): Readonly<Partial<Record<string, string>>> {
	const lines = text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
	return Object.fromEntries(
		lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
	);
}
