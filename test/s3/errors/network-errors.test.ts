import { describe, expect, it } from "vitest";
import { readSdkError } from "../../../src/s3/errors/sdk-error.ts";
import { toStorageError } from "../../../src/s3/errors/storage-errors.ts";

const failure = (code: string, message = code, more = {}) =>
	Object.assign(new Error(message), { code, ...more });

/** What OpenSSL says, as Node passes it on when it was about to write. */
const openssl = (reason: string) =>
	`write EPROTO 802C8BEF367F0000:error:0A000119:SSL routines:ssl3_get_record:${reason}:../deps/openssl/ssl3_record.c:616:\n`;

describe("readSdkError of a failure of the network", () => {
	it.each([
		"ECONNRESET",
		"ENOBUFS",
		"ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
		"ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC",
		"ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC",
	])("repeats after %s as long as there is time", (code) => {
		expect(readSdkError(failure(code))).toMatchObject({
			isNetwork: true,
			mayPass: true,
			repetitions: Number.POSITIVE_INFINITY,
		});
	});

	it.each([
		"EPROTO",
		"ERR_SSL_WRONG_VERSION_NUMBER",
		"ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
		"HPE_INVALID_CONSTANT",
		"HPE_HEADER_OVERFLOW",
	])("repeats a few times after %s", (code) => {
		expect(readSdkError(failure(code))).toMatchObject({ isNetwork: true, mayPass: true, repetitions: 3 });
	});

	it.each([
		"CERT_HAS_EXPIRED",
		"CERT_NOT_YET_VALID",
		"DEPTH_ZERO_SELF_SIGNED_CERT",
		"ERR_TLS_CERT_ALTNAME_INVALID",
		"UNABLE_TO_VERIFY_LEAF_SIGNATURE",
	])("does not wait for a certificate to get better: %s", (code) => {
		const error = failure(code);
		expect(readSdkError(error).mayPass).toBe(false);
		expect(toStorageError(error, "HeadBucket", { bucket: "b", key: "k" })).toMatchObject({ code: "NETWORK" });
	});

	it("knows a failure of TLS by its reason, wherever it was met", () => {
		expect(readSdkError(failure("EPROTO", openssl("decryption failed or bad record mac")))).toMatchObject({
			code: "ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC",
			message: "TLS failed: decryption failed or bad record mac",
			repetitions: Number.POSITIVE_INFINITY,
		});
	});

	it.each([200, 403, 500])(
		"takes an answer under %d that did not arrive whole for none",
		(httpStatusCode) => {
			const error = failure("ECONNRESET", "aborted", {
				$metadata: { httpStatusCode },
				$response: { statusCode: httpStatusCode, headers: {} },
			});
			expect(readSdkError(error)).toMatchObject({ status: undefined, isNetwork: true, mayPass: true });
		},
	);

	it.each([
		["ERR_SSL_WRONG_VERSION_NUMBER", /does not speak TLS; is it http:\/\/ instead of https:\/\//],
		["HPE_INVALID_CONSTANT", /^cannot reach the storage .*does not speak HTTP; check the endpoint/],
	])("says what to do about %s", (code, says) => {
		const error = toStorageError(failure(code), "HeadBucket", { bucket: "b", key: "k" });
		expect(error).toMatchObject({ code: "NETWORK", message: expect.stringMatching(says) });
	});
});
