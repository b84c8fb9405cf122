import { shorten } from "../../secrets/shorten.ts";
import { nameTlsFailure, networkRepetitions } from "./network-errors.ts";
import { ProxyError } from "./proxy-error.ts";

/** Facts of an error of the SDK or the network, whatever its shape. */
export interface SdkError {
	/** The server's code, such as `NoSuchBucket`, or the system's, such as `ECONNREFUSED`. */
	readonly code: string;
	readonly message: string;
	readonly status: number | undefined;
	readonly requestId: string | undefined;
	/** The server did not answer at all, or not to the end. */
	readonly isNetwork: boolean;
	/** Whether the same request may succeed later. */
	readonly mayPass: boolean;
	/** How often it is worth repeating; more than once only where time is what it takes. */
	readonly repetitions: number;
	/** The delay that the server asked for with Retry-After. */
	readonly retryAfterMs: number | undefined;
	readonly credentialsExpired: boolean;
	/** Region of the bucket, where the server has told it. */
	readonly region: string | undefined;
}

/** An answer that no S3 storage gives; a gateway or a captive portal may be in between. */
export class UnexpectedAnswerError extends Error {
	override readonly name = "UnexpectedAnswer";
}

/** A part that arrived as something else than was sent. */
export class DamagedPartError extends Error {
	override readonly name = "DamagedPart";
}

/** More of them would not help. */
const FEW_REPETITIONS: Readonly<Record<string, number>> = {
	UnexpectedAnswer: 3,
	DamagedPart: 3,
	BadDigest: 5,
	XAmzContentSHA256Mismatch: 5,
	InvalidDigest: 2,
	ExpiredToken: 1,
	TokenRefreshRequired: 1,
	RequestTimeTooSkewed: 1,
	ConditionalRequestConflict: 3,
	OperationAborted: 3,
};

const EXPIRED = new Set(["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"]);

/** Refusals with a 4xx status that time, or sending again, can mend. */
const MAY_PASS = new Set([
	"BadDigest",
	"ConditionalRequestConflict",
	"IncompleteBody",
	"OperationAborted",
	"RequestTimeTooSkewed",
	"RequestTimeout",
	"SlowDown",
	"Throttling",
	"ThrottlingException",
	"TooManyRequests",
	"XAmzContentSHA256Mismatch",
]);

/** Answers with a 5xx status, or hidden in one, that will be the same next time. */
const WILL_NOT_PASS = new Set([
	"AccessDenied",
	"EntityTooLarge",
	"InsufficientStorage",
	"InvalidPart",
	"InvalidPartOrder",
	"NoSuchUpload",
	"NotImplemented",
	"QuotaExceeded",
	"XMinioStorageFull",
]);

export function readSdkError(error: unknown): SdkError {
	if (!(error instanceof Error)) return describe("", String(error), {});
	if (error instanceof ProxyError) {
		const { name, code, message, mayPass } = error;
		return { ...describe(`${name} ${code}`, message, {}), isNetwork: true, mayPass };
	}
	const facts = error as Error & {
		code?: unknown;
		Code?: unknown;
		Region?: unknown;
		/** Errors the server has sent have it, those of reading an answer do not. */
		$fault?: unknown;
		$metadata?: { httpStatusCode?: number; requestId?: string };
		$response?: { headers?: Record<string, string>; statusCode?: number };
	};
	const systemCode = error instanceof AggregateError ? readSdkError(error.errors[0]).code : facts.code;
	const name = ["Error", "AggregateError"].includes(error.name) ? "" : error.name;
	const given = [facts.Code, systemCode].find((value): value is string => typeof value === "string") ?? name;
	const { code, message: said } = nameTlsFailure(given, error.message);
	const isNetwork = facts.$fault === undefined && networkRepetitions(code) !== undefined;
	const status = facts.$metadata?.httpStatusCode;
	// A garbled document fails in the parser, with a status that says nothing about it.
	const unparsed = facts.$response !== undefined && facts.$fault === undefined && !isNetwork;
	const garbled = unparsed && !(Number(status) >= 300);
	// So does one that did not arrive to its end, whatever its status.
	const unread = garbled || isNetwork;
	// The parser's message ends in advice to programmers.
	const message = said.split("\n  Deserialization error:")[0] || code;
	const [shownCode, shown] = garbled
		? ["UnexpectedAnswer", stumbled(error) ? UNREADABLE : message]
		: unparsed && stumbled(error)
			? ["", `HTTP status ${status ?? facts.$response?.statusCode}, and ${UNREADABLE}`]
			: [code, message];
	return describe(shownCode, shown, {
		status: unread ? undefined : (status ?? facts.$response?.statusCode),
		requestId: facts.$metadata?.requestId,
		retryAfterMs: readRetryAfter(facts.$response?.headers),
		region: readRegion(facts.$response?.headers?.["x-amz-bucket-region"], facts.Region),
	});
}

const UNREADABLE = "the response is not one that an S3 storage gives";

/** Whether the parser did not refuse a document but came to grief with it, and says so in words about itself. */
function stumbled(error: Error): boolean {
	return error instanceof TypeError || error instanceof RangeError;
}

function describe(
	code: string,
	message: string,
	{
		status,
		requestId,
		retryAfterMs,
		region,
	}: Partial<Pick<SdkError, "status" | "requestId" | "retryAfterMs" | "region">>,
): SdkError {
	const network = status === undefined ? networkRepetitions(code) : undefined;
	const few = Object.hasOwn(FEW_REPETITIONS, code) ? FEW_REPETITIONS[code] : undefined;
	const serverFailed =
		status !== undefined && (status === 429 || (status >= 500 && status !== 501 && status !== 507));
	const repeatable =
		MAY_PASS.has(code) || EXPIRED.has(code) || code === "UnexpectedAnswer" || code === "DamagedPart";
	return {
		code: shorten(code, 100),
		message: shorten(message, 1_000),
		status,
		requestId: requestId && shorten(requestId, 200),
		isNetwork: network !== undefined,
		mayPass: network !== undefined || repeatable || (serverFailed && !WILL_NOT_PASS.has(code)),
		repetitions: network ?? few ?? Number.POSITIVE_INFINITY,
		retryAfterMs,
		credentialsExpired: EXPIRED.has(code),
		region,
	};
}

/** The first that may be the name of a region: it becomes part of advice, and of the host of later requests. */
function readRegion(...told: readonly unknown[]): string | undefined {
	return told.find((value): value is string => typeof value === "string" && isHostLabel(value));
}

/** Whether it can be a part of a host name, as regions and accounts are. */
export function isHostLabel(text: string): boolean {
	return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(text);
}

/** Seconds, or a date by the server's clock, which need not be ours. */
function readRetryAfter(headers: Readonly<Record<string, string>> = {}): number | undefined {
	const { "retry-after": given = "", date = "" } = headers;
	if (/^\d+$/.test(given)) return Number(given) * 1000;
	const now = Date.parse(date) || Date.now();
	const waitMs = Date.parse(given) - now;
	return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
