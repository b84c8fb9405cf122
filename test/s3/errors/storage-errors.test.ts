import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../../src/errors.ts";
import { UnexpectedAnswerError } from "../../../src/s3/errors/sdk-error.ts";
import { toStorageError } from "../../../src/s3/errors/storage-errors.ts";

const OBJECT = { bucket: "b", key: "k" };

/** What the SDK throws for an answer with this status. */
function refusal(status: number, code: string, message = "it says no"): Error {
	return Object.assign(new Error(message), {
		name: code,
		$fault: status < 500 ? "client" : "server",
		$metadata: { httpStatusCode: status, requestId: "r1" },
	});
}

const broken = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

describe("toStorageError", () => {
	it("says what to do where the first request finds that there are no credentials", () => {
		const cause = Object.assign(new Error("Could not load credentials from any providers"), {
			name: "CredentialsProviderError",
		});
		expect(toStorageError(cause, "GetObject", OBJECT)).toMatchObject({
			code: "NO_CREDENTIALS",
			message: expect.stringMatching(/^no credentials found in the environment, /),
			advice: { kind: "set-credentials" },
			facts: { operation: "GetObject" },
		});
	});

	it.each([
		[
			"a refusal",
			refusal(403, "AccessDenied"),
			"STORAGE_REFUSED",
			/^PutObject of s3:\/\/b\/k was refused: AccessDenied: it says no; the credentials lack .* \(request r1\)$/,
		],
		[
			"a failure that retries did not mend",
			refusal(503, "SlowDown"),
			"NETWORK",
			/^PutObject of s3:\/\/b\/k failed despite retries: SlowDown: it says no \(request r1\)$/,
		],
		[
			"no bucket",
			refusal(404, "NoSuchBucket"),
			"NO_SUCH_BUCKET",
			/^the bucket "b" does not exist there \(request r1\)$/,
		],
		[
			"a condition that nobody has set",
			refusal(412, "PreconditionFailed"),
			"STORAGE_REFUSED",
			/^PutObject of s3:\/\/b\/k was refused: PreconditionFailed: it says no/,
		],
		[
			"no connection",
			broken("ECONNREFUSED"),
			"NETWORK",
			/^cannot reach the storage for s3:\/\/b\/k: connect ECONNREFUSED; nothing listens there; check the endpoint$/,
		],
		[
			"a certificate of somebody unknown",
			broken("SELF_SIGNED_CERT_IN_CHAIN"),
			"NETWORK",
			/; the certificate's authority is not known here/,
		],
		["no HTTP", broken("HPE_INVALID_CONSTANT"), "NETWORK", /; the server there does not speak HTTP; /],
		[
			"an answer of something else",
			new UnexpectedAnswerError("the answer is not one of an S3 storage"),
			"NETWORK",
			/^cannot reach the storage for s3:\/\/b\/k: .*the answer is not one of an S3 storage/,
		],
	])("says what was tried, for which object, and why: %s", (_what, error, code, message) => {
		expect(toStorageError(error, "PutObject", OBJECT)).toMatchObject({
			code,
			message: expect.stringMatching(message),
			cause: error,
		});
	});

	it("says that the object exists where there was to be none, and only there", () => {
		const error = toStorageError(refusal(412, "PreconditionFailed"), "PutObject", OBJECT, true);
		expect(error).toMatchObject({
			code: "DESTINATION_EXISTS",
			message: "s3://b/k exists already and is left as it is",
		});
	});

	it("names the bucket where there is no key", () => {
		const error = toStorageError(broken("ECONNREFUSED"), "HeadBucket", { bucket: "b", key: "" });
		expect(error).toMatchObject({ message: expect.stringContaining("for the bucket b: ") });
	});

	it("keeps the facts, and what to do as data", () => {
		expect(toStorageError(refusal(301, "PermanentRedirect"), "PutObject", OBJECT)).toMatchObject({
			facts: {
				...OBJECT,
				operation: "PutObject",
				serverCode: "PermanentRedirect",
				status: 301,
				requestId: "r1",
				advice: { kind: "set-option", option: "region" },
			},
		});
	});

	it("says the status where the server gave no message", () => {
		const error = toStorageError(refusal(403, "Unknown", "UnknownError"), "HeadObject", OBJECT);
		expect(error).toMatchObject({ message: expect.stringContaining("was refused: HTTP status 403") });
	});

	it("takes a code that is the name of a method of objects for any other", () => {
		const error = toStorageError(refusal(400, "constructor"), "PutObject", OBJECT);
		expect(error).toMatchObject({
			message: expect.stringMatching(/constructor: it says no \(request r1\)$/),
		});
	});

	it("lets errors of zipferry pass as they are", () => {
		const own = new InvalidOptionError("no");
		expect(toStorageError(own, "PutObject", OBJECT)).toBe(own);
	});
});
