export { createZip } from "./archive/create-zip.ts";
export type { ArchiveWriter, ZipDestination } from "./archive/output/zip-destination.ts";
export type { MakeOptions } from "./archive/planned-archive.ts";
export type { CreateZipOptions, CreateZipResult } from "./archive/write-archive.ts";
export { type SizePrediction, type ZipOptions, ZipStream } from "./archive/zip-stream.ts";
export type { HashAlgorithm } from "./bytes/hash/archive-hash.ts";
export { ByteCounter, Md5Counter, type Observer, tap } from "./bytes/tap.ts";
export {
	ArchiveTooLargeError,
	DestinationError,
	DuplicateEntryError,
	type ErrorCode,
	InvalidEntryNameError,
	InvalidOptionError,
	SourceError,
	StorageError,
	type StorageFacts,
	ZipferryError,
} from "./errors.ts";
export type {
	ArchiveProgressEvent,
	EntryEvent,
	PlannedEvent,
	RenamedEvent,
	RetryEvent,
	SkippedEvent,
	UploadCreatedEvent,
	UploadKeptEvent,
	UploadResumedEvent,
	Warning,
	WarningCode,
	WarningEvent,
	ZipferryEvent,
	ZipferryEventListener,
} from "./events.ts";
export type { ConnectOptions } from "./s3/connection.ts";
export type { StorageOptions } from "./s3/open-connection.ts";
export type { ProviderName } from "./s3/providers.ts";
export type { FilterPatterns } from "./sources/files/filter.ts";
export type { SymlinkPolicy } from "./sources/files/walk.ts";
export type { Content } from "./sources/generated/content.ts";
export type { GeneratedEntry, PathSource, Source, SourceOptions } from "./sources/source.ts";
export {
	type AbortedUpload,
	type AbortUploadsOptions,
	abortUploads,
} from "./storage/incomplete/abort-uploads.ts";
export {
	type IncompleteUpload,
	type ListUploadsOptions,
	listUploads,
} from "./storage/incomplete/list-uploads.ts";
export type { ListedUpload } from "./storage/incomplete/uploads-listing.ts";
export type { BandwidthChange, BandwidthLimit } from "./storage/parts/bandwidth.ts";
export type { ObjectOptions } from "./storage/put/object-options.ts";
export type { UploadZipResult } from "./upload/attempt.ts";
export type { TransportName, UploadZipOptions } from "./upload/options.ts";
export { planUpload, type UploadPlan } from "./upload/plan-upload.ts";
export { uploadZip } from "./upload/upload-zip.ts";
export type { ArchiveSummary } from "./zip/assemble.ts";
export type { Level, MethodChoice } from "./zip/entry.ts";
