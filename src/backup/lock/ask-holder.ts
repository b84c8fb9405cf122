import { connect } from "node:net";
import { errorCode } from "../../sources/files/file-system.ts";
import { holderFacts, parseObject } from "./holder-facts.ts";
import type { LockHolder } from "./locked-error.ts";

/** Bytes: whoever listens there may be somebody else's program. */
const LONGEST_ANSWER = 1024;

/** Milliseconds: a process that is stopped, or busy, answers late or never, and holds the lock all the same. */
const ANSWER_TIME = 2000;

/** A lock that somebody holds. */
export interface HeldLock {
	readonly holder: LockHolder;
	/** Fulfilled when the holder lets go, or ends. */
	readonly freed: Promise<void>;
	/** Stops listening for that. */
	close(): void;
}

/** Asks who listens at an address. */
export function ask(address: string): Promise<HeldLock | "free"> {
	return new Promise((resolve, reject) => {
		const socket = connect(address);
		let text = "";
		const freed = new Promise<void>((free) => socket.once("close", () => free()));
		const answer = (): void => {
			clearTimeout(timer);
			resolve({
				holder: { ...holderFacts(parseObject(text.split("\n", 1)[0] ?? "")), until: undefined },
				freed,
				close: () => socket.destroy(),
			});
		};
		const timer = setTimeout(answer, ANSWER_TIME);
		socket.setEncoding("utf8");
		socket.on("data", (chunk) => {
			if (text.length < LONGEST_ANSWER) text += chunk;
			if (text.includes("\n") || text.length >= LONGEST_ANSWER) answer();
		});
		socket.once("end", answer);
		socket.on("error", (error) => {
			clearTimeout(timer);
			const code = errorCode(error);
			if (code === "ECONNREFUSED" || code === "ENOENT") resolve("free");
			// Too many are waiting, or it is another user's: there is somebody.
			else if (code === "EAGAIN" || code === "EACCES" || code === "EPERM" || code === "ECONNRESET") answer();
			else reject(error);
		});
	});
}

/** What a holder tells: one line of JSON. */
export function factsOf(holder: LockHolder): string {
	return `${JSON.stringify({ pid: holder.pid, host: holder.host, since: holder.since })}\n`;
}
