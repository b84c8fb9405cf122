import type { Habits } from "../../../localstack/strict-s3/habits.ts";
import type { FaultHook, FaultRequest } from "../../../localstack/strict-s3/local-s3.ts";
import { BASE_KEY, type BucketKind, type CopyingWorld, type Held, NEW_KEY } from "./copying-world.ts";

/** Something goes wrong while an archive is copied from its base, and how the upload has to end. */
export interface CopyingScenario {
	/** What happens, as the title of a test and the cell of a table. */
	readonly fault: string;
	/** Whether the archive takes the place of its base, under the same key. */
	readonly inPlace: boolean;
	/** @defaultValue `"plain"` */
	readonly bucket?: BucketKind;
	readonly habits?: Partial<Habits>;
	readonly hook: (world: CopyingWorld) => FaultHook;
	readonly expected: Expected;
	/** Runs that are too short to be copied are joined. @defaultValue `false` */
	readonly joins?: boolean;
	/** It stands for the others where there is little time. @defaultValue `false` */
	readonly isQuick?: boolean;
}

interface Expected {
	readonly exitCode: number;
	/** How it ends, as the cell of a table. */
	readonly end: string;
	/** What the error, or a warning, says. */
	readonly says?: RegExp;
	/** What is under the key of the base afterwards. */
	readonly base: Held;
	/** And under the key of the archive, if that is another one. @defaultValue `"archive"` after success, else `"nothing"` */
	readonly target?: Held;
	/** Whether a draft is left. @defaultValue `false` */
	readonly draft?: boolean;
	/** Temporary objects that are left. @defaultValue `0` */
	readonly temporary?: number;
	/** Number of versions under the key of the archive, hidden ones too. */
	readonly versions?: number;
}

type When = Partial<Pick<FaultRequest, "operation" | "key" | "occurrence">>;

/** Does something once, right before such a request. */
export function before(when: When, action: (world: CopyingWorld) => Promise<void>): CopyingScenario["hook"] {
	return (world) => {
		let done = false;
		return async (request) => {
			if (done || !fits(request, when)) return undefined;
			done = true;
			await action(world);
			return undefined;
		};
	};
}

export function fits(request: FaultRequest, { operation, key, occurrence }: When): boolean {
	return (
		request.operation === operation &&
		(key === undefined || request.key === key) &&
		(occurrence === undefined || request.occurrence === occurrence)
	);
}

/** Loses the answers to such requests: the first one, or all. */
export function loseAnswers(operation: string, key: string, all = false): CopyingScenario["hook"] {
	return () => {
		let count = 0;
		return (request) =>
			fits(request, { operation, key }) && (count++ === 0 || all) ? { loseAnswer: true } : undefined;
	};
}

const DRAFT = `${BASE_KEY}.zipferry-draft`;
const overwriteBase = (world: CopyingWorld) => world.overwrite(BASE_KEY);
const removeBase = (world: CopyingWorld) => world.remove(BASE_KEY);
const LISTED: When = { operation: "CreateMultipartUpload" };
const SECOND_COPY: When = { operation: "UploadPartCopy", occurrence: 2 };
const COMPLETE: When = { operation: "CompleteMultipartUpload" };

const PUBLISHED: Expected = { exitCode: 0, end: "published", base: "base" };
const changed = (base: Held = "other"): Expected => ({
	...{ exitCode: 4, end: "fails, nothing left", says: /has changed since it was looked at/, base },
});
const gone: Expected = { exitCode: 4, end: "fails, nothing left", says: /no longer exists/, base: "nothing" };

/** Under a key of its own. */
const BESIDE: readonly Omit<CopyingScenario, "inPlace">[] = [
	{
		fault: "the base is replaced between the first look and the reading of its directory",
		hook: before({ operation: "GetObject" }, (world) => world.replaceBase()),
		expected: {
			...PUBLISHED,
			end: "published, all of it sent",
			says: /the base .* was replaced/,
			base: "archive",
		},
	},
	{
		fault: "the base is deleted between the first look and the reading of its directory",
		hook: before({ operation: "GetObject" }, removeBase),
		expected: {
			...PUBLISHED,
			end: "published, all of it sent",
			says: /the base .* does not exist any more/,
			base: "nothing",
		},
	},
	{
		fault: "the base is replaced between planning and copying",
		isQuick: true,
		hook: before(LISTED, overwriteBase),
		expected: changed(),
	},
	{
		fault: "the base is replaced between planning and copying, in a bucket that keeps versions",
		bucket: "versioned",
		hook: before(LISTED, overwriteBase),
		expected: { ...PUBLISHED, base: "other" },
	},
	{
		fault: "the base is deleted between planning and copying",
		hook: before(LISTED, removeBase),
		expected: gone,
	},
	{
		fault: "the base is deleted between planning and copying, in a bucket that keeps versions",
		bucket: "versioned",
		hook: before(LISTED, removeBase),
		expected: { ...PUBLISHED, base: "nothing" },
	},
	{
		fault: "the very version of the base is deleted between planning and copying",
		bucket: "versioned",
		hook: before(LISTED, (world) => world.remove(BASE_KEY, true)),
		expected: gone,
	},
	{
		fault: "the base is replaced between two copies",
		hook: before(SECOND_COPY, overwriteBase),
		expected: changed(),
	},
	{
		fault: "the base is replaced and comes back between two copies",
		hook: before(SECOND_COPY, async (world) => {
			await world.overwrite(BASE_KEY);
			await world.restoreBase();
		}),
		expected: changed("base"),
	},
	{
		fault: "the base is replaced while it is copied, and the storage takes no notice of conditions of copies",
		habits: { copyConditions: "ignored" },
		hook: before(SECOND_COPY, (world) => world.replaceBase()),
		expected: changed("archive"),
	},
	{
		fault: "the base is replaced just before Complete",
		hook: before(COMPLETE, overwriteBase),
		expected: { ...PUBLISHED, base: "other" },
	},
	{
		fault: "the base is deleted just before Complete",
		hook: before(COMPLETE, removeBase),
		expected: { ...PUBLISHED, base: "nothing" },
	},
	{
		fault: "the answer to a copy is lost",
		hook: loseAnswers("UploadPartCopy", NEW_KEY),
		expected: PUBLISHED,
	},
	{
		fault: "all answers to copies are lost",
		hook: loseAnswers("UploadPartCopy", NEW_KEY, true),
		expected: {
			exitCode: 6,
			end: "fails, nothing left",
			says: /cannot reach the storage/,
			base: "base",
		},
	},
	{
		fault: "the answer to Complete is lost",
		hook: loseAnswers("CompleteMultipartUpload", NEW_KEY),
		expected: PUBLISHED,
	},
	{
		fault: "the storage copies other bytes than it was told to",
		habits: { copyRange: "late" },
		hook: () => () => undefined,
		expected: {
			...{ exitCode: 7, end: "fails, the object is deleted", base: "base" },
			says: /night-2\.zip is damaged: .*; the object was deleted$/,
		},
	},
	{
		fault: "a copy gets damaged in the storage",
		isQuick: true,
		hook: before(COMPLETE, (world) => world.damage()),
		expected: {
			...{ exitCode: 7, end: "fails, the object is deleted", base: "base" },
			says: /is damaged: the entry "[ac]\/\d" .* CRC-32 .*; the object was deleted$/,
		},
	},
	{
		fault: "a copy gets damaged in the storage, which does not let go of the version",
		bucket: "locked",
		hook: (world) => {
			const damage = before(COMPLETE, () => world.damage())(world);
			const lock = before({ operation: "GetObject", key: NEW_KEY }, () => world.lock(NEW_KEY))(world);
			return async (request) => (await damage(request)) ?? lock(request);
		},
		expected: {
			...{
				exitCode: 7,
				end: "fails, a delete marker hides the version, which is named",
				base: "base",
			},
			...{ says: /; version \S+ cannot be deleted, .* a delete marker hides it/, versions: 1 },
		},
	},
];

/** Under the key of the base. */
const IN_PLACE: readonly Omit<CopyingScenario, "inPlace">[] = [
	{
		fault: "nothing goes wrong",
		isQuick: true,
		hook: () => () => undefined,
		expected: { ...PUBLISHED, base: "archive" },
	},
	{
		fault: "nothing goes wrong, in a bucket that keeps versions",
		bucket: "versioned",
		hook: () => () => undefined,
		expected: { ...PUBLISHED, base: "archive", versions: 2 },
	},
	{
		fault: "the base is replaced while the draft is read back",
		hook: before({ operation: "GetObject", key: DRAFT }, overwriteBase),
		expected: changed(),
	},
	{
		fault: "the base is deleted while the draft is read back",
		hook: before({ operation: "GetObject", key: DRAFT }, removeBase),
		expected: gone,
	},
	{
		fault: "the base is replaced just before it would be",
		isQuick: true,
		hook: before({ ...COMPLETE, key: BASE_KEY }, overwriteBase),
		expected: changed(),
	},
	{
		fault: "the base is deleted just before it would be replaced",
		hook: before({ ...COMPLETE, key: BASE_KEY }, removeBase),
		expected: gone,
	},
	{
		fault: "the base is replaced just before it would be, in a bucket that keeps versions",
		bucket: "versioned",
		hook: before({ ...COMPLETE, key: BASE_KEY }, overwriteBase),
		expected: { ...changed(), versions: 2 },
	},
	{
		fault: "somebody replaces the draft",
		hook: before({ operation: "UploadPartCopy", key: BASE_KEY }, (world) => world.overwrite(DRAFT)),
		expected: { ...changed("base"), end: "fails, the base stays", draft: true },
	},
	{
		fault: "the draft is damaged",
		hook: before(COMPLETE, (world) => world.damage()),
		expected: {
			...{ exitCode: 7, end: "fails, nothing left", base: "base" },
			says: /zipferry-draft is damaged: .*; s3:\/\/nights\/night-1\.zip is as it was/,
		},
	},
	{
		fault: "the archive is damaged, in a bucket that keeps versions",
		bucket: "versioned",
		hook: before(COMPLETE, (world) => world.damage()),
		expected: {
			...{
				exitCode: 7,
				end: "fails, the version before is current again",
				base: "base",
				versions: 1,
			},
			says: /; version \S+ was deleted; the previous version is current again/,
		},
	},
	{
		fault: "the archive is damaged, and the storage does not let go of the version",
		bucket: "locked",
		hook: (world) => {
			const damage = before(COMPLETE, () => world.damage())(world);
			let completed = false;
			const lock = before({ operation: "GetObject" }, () => world.lock(BASE_KEY))(world);
			return async (request) => {
				if (request.operation === "CompleteMultipartUpload") completed = true;
				return (await damage(request)) ?? (completed ? lock(request) : undefined);
			};
		},
		expected: {
			...{ exitCode: 7, end: "fails, a delete marker hides the version, which is named" },
			...{
				says: /; version \S+ cannot be deleted, .* a delete marker hides it/,
				base: "nothing",
				versions: 2,
			},
		},
	},
	{
		fault: "the copy over the base is refused",
		hook: () => (request) =>
			fits(request, { operation: "CreateMultipartUpload", key: BASE_KEY })
				? { status: 403, code: "AccessDenied", message: "no" }
				: undefined,
		expected: { exitCode: 5, end: "fails, nothing left", says: /AccessDenied/, base: "base" },
	},
	{
		fault: "the answer to the last Complete is lost",
		hook: loseAnswers("CompleteMultipartUpload", BASE_KEY),
		expected: { ...PUBLISHED, base: "archive" },
	},
	{
		fault: "all answers to the last Complete are lost",
		hook: loseAnswers("CompleteMultipartUpload", BASE_KEY, true),
		expected: { ...PUBLISHED, base: "archive" },
	},
	{
		fault: "the last Complete never gets through",
		hook: () => (request) => (fits(request, { ...COMPLETE, key: BASE_KEY }) ? { destroy: true } : undefined),
		expected: {
			exitCode: 6,
			end: "fails, nothing left",
			says: /cannot reach the storage/,
			base: "base",
		},
	},
	{
		fault: "the draft cannot be removed",
		hook: () => (request) =>
			fits(request, { operation: "DeleteObject", key: DRAFT })
				? { status: 403, code: "AccessDenied", message: "no" }
				: undefined,
		expected: {
			...{
				exitCode: 0,
				end: "published, and a warning names the draft",
				base: "archive",
				draft: true,
			},
			says: /night-1\.zip\.zipferry-draft, a draft, could not be removed/,
		},
	},
	{
		fault: "the archive cannot be read back when it has replaced the base",
		hook: () => (request) =>
			fits(request, { operation: "GetObject", key: BASE_KEY }) && request.occurrence > 3
				? { status: 403, code: "AccessDenied", message: "no" }
				: undefined,
		expected: {
			...{
				exitCode: 5,
				end: "fails, and names the draft, which is whole",
				base: "archive",
				draft: true,
			},
			says: /could not be read back: .*; the new archive is whole as s3:\/\/nights\/night-1\.zip\.zipferry-draft, and left there$/,
		},
	},
];

export const COPYING_SCENARIOS: readonly CopyingScenario[] = [
	...BESIDE.map((scenario) => ({ ...scenario, inPlace: false })),
	...IN_PLACE.map((scenario) => ({ ...scenario, inPlace: true })),
];
