import { LONGEST_ANSWER_MS } from "../answers.ts";
import type { RequestLimits } from "./watch-requests.ts";

/** Complete may take minutes on a large object. */
const PATIENT_FACTOR = 10;
/** The multiple of the silence timeout that the head of a response may take if it is not silent. */
const HEAD_FACTOR = 2;

/** Time limits of a client. */
export type ClientLimits = Omit<RequestLimits, "mayQueue">;

/** For most requests, and for those on whose answer the storage may work for minutes. */
interface Both<Limits> {
	readonly usual: Limits;
	readonly patient: Limits;
}

/** As {@link ClientLimits}, for a handler that ends silent connections itself. */
export interface OwnLimits extends ClientLimits {
	/** Milliseconds without a byte in either direction. */
	readonly silenceMs: number;
}

/** Limits of our clients: the steps are for requests that move without making progress. */
export function ownLimits(connectTimeoutMs: number, readTimeoutMs: number): Both<OwnLimits> {
	const limitsWith = (silenceMs: number, answerMs: number): OwnLimits => ({
		silenceMs,
		stepMs: connectTimeoutMs + HEAD_FACTOR * silenceMs,
		answerMs,
	});
	return {
		usual: limitsWith(readTimeoutMs, readTimeoutMs),
		patient: limitsWith(readTimeoutMs * PATIENT_FACTOR, LONGEST_ANSWER_MS),
	};
}

/** Limits of a caller's client, which may have no timeouts of its own. */
export function callersLimits(readTimeoutMs: number): Both<ClientLimits> {
	const limitsWith = (stepMs: number): ClientLimits => ({ stepMs, answerMs: LONGEST_ANSWER_MS });
	return { usual: limitsWith(readTimeoutMs), patient: limitsWith(readTimeoutMs * PATIENT_FACTOR) };
}
