import type { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { bucketCheck, clockCheck } from "../../src/doctor/connection.ts";
import { credentialsCheck } from "../../src/doctor/credentials.ts";
import type { DoctorContext } from "../../src/doctor/finding.ts";
import { conditionalReplaceCheck, headCheck } from "../../src/doctor/object-operations.ts";
import { lifecycleCheck, objectLockCheck, versioningCheck } from "../../src/doctor/settings.ts";
import { Trial } from "../../src/doctor/trial.ts";
import { providerByName } from "../../src/s3/providers.ts";

/** A storage that gives this answer, or refuses with this error, whatever it is asked. */
function contextOf(answer: unknown, more: Partial<DoctorContext> = {}, identity: object = {}): DoctorContext {
	const send = async () => {
		if (answer instanceof Error) throw answer;
		return answer;
	};
	const config = { credentials: async () => identity };
	// Only these are used.
	const client = { send, config } as unknown as S3Client;
	const connection = {
		client,
		patient: client,
		provider: providerByName("generic"),
		endpoint: "https://s3.example.com",
		close() {},
	};
	const address = { bucket: "bucket", prefix: "backups/" };
	const trial = new Trial(connection, address, { retryTimeMs: 3_000, signal: undefined });
	return {
		connection,
		...address,
		trial,
		firstAnswer: undefined,
		retained: false,
		copied: undefined,
		...more,
	};
}

const refusal = (name: string, httpStatusCode: number) =>
	Object.assign(new Error(name), { name, $fault: "client", $metadata: { httpStatusCode } });

describe("bucketCheck", () => {
	it("doubts that an address with pages in HTML is a storage", async () => {
		const firstAnswer = {
			...{ status: 200, date: undefined, socket: undefined, elapsedMs: 1, error: undefined },
			headers: { "content-type": "text/html; charset=utf-8" },
		};
		const context = contextOf({}, { firstAnswer });
		Object.assign(context.connection.client.config, { region: async () => "us-east-1" });
		expect(await bucketCheck.run(context)).toMatchObject({
			status: "warn",
			message: "answers with HTML, as a web server does",
			advice: { kind: "other", text: "check the endpoint" },
		});
	});
});

describe("headCheck", () => {
	it("fails for a response without a size, as from a server that is no storage", async () => {
		expect(await headCheck.run(contextOf({}))).toMatchObject({
			status: "fail",
			message: "reports no number of bytes for an object of 79",
		});
	});
});

describe("conditionalReplaceCheck", () => {
	it.each([
		[
			"pass",
			refusal("PreconditionFailed", 412),
			"runs of a backup job on several machines can be kept apart",
		],
		["warn", { ETag: '"e"' }, "ignored"],
		["warn", refusal("NotImplemented", 501), "refused: NotImplemented"],
	])("is a %s for a storage that answers %o", async (status, answer, message) => {
		expect(await conditionalReplaceCheck.run(contextOf(answer))).toMatchObject({ status, message });
	});
});

describe("lifecycleCheck", () => {
	const abort = { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 }, Status: "Enabled" };

	it.each([
		["for all keys", { ...abort, Filter: { Prefix: "" } }],
		["without a filter", abort],
		["for a prefix above ours", { ...abort, Filter: { Prefix: "back" } }],
		["for a prefix and something else", { ...abort, Filter: { And: { Prefix: "backups/" } } }],
		["with a prefix of the old kind", { ...abort, Prefix: "backups/" }],
	])("passes with a rule %s", async (_, rule) => {
		expect(await lifecycleCheck.run(contextOf({ Rules: [rule] }))).toMatchObject({
			status: "pass",
			facts: { days: 3 },
		});
	});

	it.each([
		["is switched off", { ...abort, Status: "Disabled" }],
		["is for other keys", { ...abort, Filter: { Prefix: "backups/old/" } }],
		["is about something else", { Status: "Enabled", Expiration: { Days: 1 } }],
	])("warns if the rule %s, and tells to add one to the others", async (_, rule) => {
		const finding = await lifecycleCheck.run(contextOf({ Rules: [rule] }));
		expect(finding).toMatchObject({
			status: "warn",
			advice: { kind: "add-lifecycle-rule", hasRules: true },
		});
	});

	it("tells whether there are rules that a new configuration would destroy", async () => {
		const { advice } = await lifecycleCheck.run(contextOf(refusal("NoSuchLifecycleConfiguration", 404)));
		expect(advice).toEqual({
			kind: "add-lifecycle-rule",
			bucket: "bucket",
			endpoint: "https://s3.example.com",
			rule: expect.stringContaining('"AbortIncompleteMultipartUpload":{"DaysAfterInitiation":7}'),
			hasRules: false,
		});
	});

	it.each([
		[refusal("AccessDenied", 403), { kind: "other", text: "allow s3:GetLifecycleConfiguration to see it" }],
		[refusal("NotImplemented", 501), undefined],
	])("does not know where it may not ask: %s", async (error, advice) => {
		expect(await lifecycleCheck.run(contextOf(error))).toMatchObject({
			status: "warn",
			message: expect.stringMatching(/^unknown whether/),
			advice,
		});
	});
});

describe("versioningCheck", () => {
	it.each([
		[{ Status: "Enabled" }, "enabled"],
		[{ Status: "Suspended" }, "suspended"],
		[{}, "off"],
	])("of %j is %s", async (answer, versioning) => {
		expect(await versioningCheck.run(contextOf(answer))).toMatchObject({
			status: "pass",
			facts: { versioning },
		});
	});
});

describe("objectLockCheck", () => {
	it("keeps the other checks from writing what could not be deleted", async () => {
		const context = contextOf({
			ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 30 } } },
		});
		expect(await objectLockCheck.run(context)).toMatchObject({
			status: "warn",
			message: "every object stays for 30 d",
		});
		expect(context.retained).toBe(true);
	});

	it.each([
		{ ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } },
		refusal("ObjectLockConfigurationNotFoundError", 404),
	])("passes where objects are not kept by default", async (answer) => {
		const context = contextOf(answer);
		expect(await objectLockCheck.run(context)).toMatchObject({ status: "pass" });
		expect(context.retained).toBe(false);
	});
});

describe("clockCheck", () => {
	it.each([
		[0, "pass", /^0 s apart$|^1 s apart$/],
		[-120_000, "warn", /^this clock is 1(20|21) s ahead of the storage's$/],
		[120_000, "warn", /^this clock is 1(19|20) s behind the storage's$/],
		[3_600_000, "warn", /requests are refused until they are corrected/],
	])("of a storage that is %d ms ahead", async (offset, status, message) => {
		const firstAnswer = {
			...{ status: 200, headers: {}, socket: undefined, elapsedMs: 1, error: undefined },
			date: new Date(Date.now() + offset),
		};
		expect(await clockCheck.run(contextOf({}, { firstAnswer }))).toMatchObject({
			status,
			message: expect.stringMatching(message),
		});
	});
});

describe("credentialsCheck", () => {
	const keys = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "s3cr3t-that-nobody-may-see" };
	const check = (identity: object) => credentialsCheck.run(contextOf({}, {}, { ...keys, ...identity }));

	it.each([
		["CREDENTIALS_ENV_VARS", "the environment"],
		["CREDENTIALS_PROFILE", "the shared AWS files"],
		["CREDENTIALS_PROFILE_SSO", "single sign-on"],
		["CREDENTIALS_IMDS", "the instance's service"],
		["SOMETHING_NEW", "the client"],
	])("names the source behind %s, and the end of the access key only", async (feature, source) => {
		const finding = await check({ $source: { [feature]: "x" } });
		expect(finding).toMatchObject({ status: "pass", message: `from ${source}, access key …MPLE` });
		expect(JSON.stringify(finding)).not.toMatch(/AKIA|s3cr3t/);
	});

	it.each([
		[-1, "fail"],
		[5 * 60_000, "warn"],
		[3_600_000, "pass"],
	])("of a session that ends in %d ms", async (left, status) => {
		expect(await check({ expiration: new Date(Date.now() + left) })).toMatchObject({ status });
	});
});
