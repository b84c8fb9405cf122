/** Storage classes whose objects cannot be read or copied before they are restored. */
export const ARCHIVED_CLASSES: ReadonlySet<string> = new Set(["GLACIER", "DEEP_ARCHIVE"]);
