import type { S3Client } from "@aws-sdk/client-s3";
import type { Answer } from "./answer.ts";
import type { S3Request } from "./operation.ts";

/**
 * How far a request has come when its fault happens:
 * - `head`: its header is in, nothing of its body was read;
 * - `body`: half of its body was forwarded;
 * - `done`: the server has carried it out, nothing of its answer was passed on;
 * - `answer`: half of the answer was passed on.
 */
export type Point = "head" | "body" | "done" | "answer";

export type Fault =
	/** The connection ends by RST or FIN, or goes silent for ever. */
	| { readonly type: "reset" | "close" | "hang"; readonly at: Point }
	/** Another answer: before the body is read, instead of forwarding, or after the server has done it. */
	| { readonly type: "answer"; readonly answer: Answer; readonly when: "early" | "instead" | "done" }
	/** These very bytes instead of an answer, and the end: no HTTP. */
	| { readonly type: "bytes"; readonly bytes: Buffer; readonly when: "instead" | "done" }
	/** An answer that never comes to the end of its head and is never silent: by drops, or by interim answers. */
	| { readonly type: "linger"; readonly how: "drops" | "interim"; readonly when: "early" | "done" }
	/** The server's answer with a change. */
	| { readonly type: "rewrite"; readonly rewrite: (answer: Answer) => Answer }
	/** One direction gets slow. */
	| { readonly type: "trickle"; readonly direction: "request" | "answer"; readonly bytesPerSecond: number }
	/** One byte in the middle of the body arrives as another. */
	| { readonly type: "flip" }
	/** As `flip`, and the request is signed again: a server that checks nothing. */
	| { readonly type: "flip-unnoticed" }
	/** The server gets the request twice; the second answer is passed on. */
	| { readonly type: "duplicate" }
	/** The server gets it late, even if the client has gone by then. */
	| { readonly type: "late"; readonly delayMs: number }
	/** Something happens behind the client's back, then the request is forwarded. */
	| { readonly type: "meanwhile"; readonly act: (request: S3Request, server: S3Client) => Promise<unknown> };

export const reset = (at: Point): Fault => ({ type: "reset", at });
export const close = (at: Point): Fault => ({ type: "close", at });
export const hang = (at: Point): Fault => ({ type: "hang", at });
/** What a port of something else says. */
const NO_HTTP = Buffer.from("220 mail.example.com ESMTP ready\r\n");

export const noHttp = (when: "instead" | "done"): Fault => ({ type: "bytes", bytes: NO_HTTP, when });
export const linger = (how: "drops" | "interim", when: "early" | "done" = "done"): Fault => ({
	type: "linger",
	how,
	when,
});
export const answer = (given: Answer): Fault => ({ type: "answer", answer: given, when: "instead" });
export const earlyAnswer = (given: Answer): Fault => ({ type: "answer", answer: given, when: "early" });
export const answerWhenDone = (given: Answer): Fault => ({ type: "answer", answer: given, when: "done" });
