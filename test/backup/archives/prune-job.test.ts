import { expect, it } from "vitest";
import { pruneJob } from "../../../src/backup/archives/prune-job.ts";
import { TEMPLATE, useArchiveBucket } from "./archive-bucket.ts";

/** A key that is listed, and cannot be read. */
let hidden: string | undefined;
const bucket = useArchiveBucket(() => {
	hidden = undefined;
	return {
		onRequest: ({ operation, key }) =>
			operation === "GetObject" && key === hidden
				? { status: 404, code: "NoSuchKey", message: "no such key" }
				: undefined,
	};
});

const prune = (job: string | undefined) =>
	pruneJob(bucket().connection, TEMPLATE, {
		...{ policy: { last: 1, min: 1 }, pruneVersions: false, requireDrill: undefined, dryRun: false },
		...{ job, now: new Date("2026-11-20T00:00:00Z") },
	});

it.each([
	["db", '"db", "web"'],
	[undefined, '"web", one without a name'],
])(
	"removes none if no job is named, and there are archives of several (%s and web)",
	async (first, names) => {
		for (const day of [1, 2]) {
			await bucket().verify(await bucket().add(`2026-11-0${day}T03:00:00Z`, { job: first }));
			await bucket().verify(await bucket().add(`2026-11-0${day}T04:00:00Z`, { job: "web" }));
		}
		await expect(prune(undefined)).rejects.toMatchObject({
			code: "INVALID_OPTION",
			message: `archives of several jobs are under ${TEMPLATE.text}: ${names}; none is removed; set name, such as ${names.split(",")[0]}, to say which job is meant`,
		});
		const archives = (await bucket().server.keys()).filter((key) => key.endsWith(".zip"));
		expect(archives).toHaveLength(4);
	},
);

it("removes those of the only job there is, named or not", async () => {
	for (const day of [1, 2]) await bucket().addVerified(`2026-11-0${day}T03:00:00Z`);
	const { outcome } = await prune(undefined);
	expect(outcome?.removed.map(({ key }) => key)).toEqual(["job/2026-11-01T03-00-00Z.zip"]);
});

it("removes none if the storage lists a record, and answers that it does not exist", async () => {
	for (const day of [1, 2]) await bucket().addVerified(`2026-11-0${day}T03:00:00Z`);
	await bucket().add("2026-11-03T03:00:00Z");
	await bucket().addVerified("2026-11-04T03:00:00Z");
	hidden = "job/2026-11-02T03-00-00Z.zip.record.json";
	await expect(prune(undefined)).rejects.toMatchObject({
		code: "STORAGE_REFUSED",
		message: `the storage lists s3://demo/${hidden}, and answers that it does not exist; try again later`,
	});
	const archives = (await bucket().server.keys()).filter((key) => key.endsWith(".zip"));
	expect(archives).toHaveLength(4);
});
