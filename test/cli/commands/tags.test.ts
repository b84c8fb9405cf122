import { GetObjectTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { errorLine, zipferry } from "../zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(() => directory.write({ "photos/a.txt": "alpha" }));

function upload(...args: readonly string[]) {
	return zipferry(["upload", "photos", `s3://${BUCKET}/a.zip`, ...args], {
		env: server.env,
		cwd: directory.path(),
	});
}

describe("zipferry upload --tags", () => {
	it("stores tags with the object", async () => {
		expect(await upload("--tags", "team=backup", "--tags", "cost center=a=b")).toMatchObject({
			exitCode: 0,
			stderr: expect.not.stringContaining("warning"),
		});
		const { endpoint, region } = server.s3;
		const client = new S3Client({ endpoint, region, credentials: server.s3, forcePathStyle: true });
		const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: BUCKET, Key: "a.zip" }));
		expect(TagSet).toEqual([
			{ Key: "team", Value: "backup" },
			{ Key: "cost center", Value: "a=b" },
		]);
	});

	it.each([
		[
			["--tags", "a,b=c"],
			/^--tags may have letters, digits, spaces and _ \. : \/ = \+ - @ only, and "a,b" has others$/,
		],
		[["--tags", "a=1", "--tags", "a=2"], /^--tags has "a" twice/],
		[
			["--tags", "a=1", "--provider", "r2", "--account", "4f2a"],
			/^--tags cannot be stored: the provider r2 has none$/,
		],
	])("refuses %j", async (args, message) => {
		const outcome = await upload(...args);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(message);
	});
});
