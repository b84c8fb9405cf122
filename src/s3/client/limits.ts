import { LONGEST_ANSWER_MS } from "../answers.ts";
import type { RequestLimits } from "./watch-requests.ts";

/** Complete may take minutes on a large object. */
const PATIENT_FACTOR = 10;
/** Of the time for silence, how long the head of an answer may take that is not silent. */
const HEAD_FACTOR = 2;

/** Of a client. */
export type ClientLimits = Omit<RequestLimits, "mayQueue">;

/** For most requests, and for those on whose answer the storage may work for minutes. */
interface Both<Limits> {
	readonly usual: Limits;
	readonly patient: Limits;
}

/** As {@link ClientLimits}, for a handler that ends what is silent by itself. */
export interface OwnLimits extends ClientLimits {
	/** Milliseconds without a byte in either direction. */
	readonly silenceMs: number;
}

/** Of our clients: the steps are about what moves and yet does not get on. */
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

/** Of a client of the caller's, which nobody may have set up to end anything. */
export function callersLimits(readTimeoutMs: number): Both<ClientLimits> {
	const limitsWith = (stepMs: number): ClientLimits => ({ stepMs, answerMs: LONGEST_ANSWER_MS });
	return { usual: limitsWith(readTimeoutMs), patient: limitsWith(readTimeoutMs * PATIENT_FACTOR) };
}
