package dev.ringflow.examples

import java.nio.file.Files
import java.nio.file.LinkOption.NOFOLLOW_LINKS
import java.nio.file.Path
import java.nio.file.attribute.BasicFileAttributes

/**
 * Chooses the target's name, and refuses early and in plain words what makes no sense. Blocks.
 *
 * @param target a name, or a directory for a file named as the source
 * @throws UserFailure if that makes no sense
 */
internal fun chooseTarget(source: Path, target: Path, overwrite: Boolean): Path {
    requireRegular(source, "copy")
    val named = if (Files.isDirectory(target)) target.resolve(source.fileName) else target
    // through a symbolic link to what it points at, which keeps the link
    val path = if (Files.isSymbolicLink(named) && Files.exists(named)) named.toRealPath() else named
    if (Files.exists(path, NOFOLLOW_LINKS)) {
        requireReplaceable(source, path, overwrite)
    }
    val parent = path.toAbsolutePath().parent
    if (parent == null || !Files.isDirectory(parent)) {
        throw UserFailure("$path: cannot write it, there is no directory $parent. Create it first.")
    }
    return path
}

private fun requireReplaceable(source: Path, path: Path, overwrite: Boolean) {
    if (Files.exists(path) && Files.isSameFile(source, path)) {
        throw UserFailure("$source and $path are the same file: nothing to copy")
    }
    if (Files.isDirectory(path)) {
        throw UserFailure("$path: cannot write it, a directory has that name")
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw UserFailure("$path: cannot replace it, it is not a regular file")
    }
    if (!overwrite) {
        throw UserFailure("$path: exists already. Choose another name, or replace it with --force.")
    }
}

/** Refuses what is not a regular file, before it is opened: opening a pipe could take for ever. Blocks. */
internal fun requireRegular(path: Path, what: String) {
    val attributes = Files.readAttributes(path, BasicFileAttributes::class.java)
    if (attributes.isDirectory) {
        throw UserFailure("$path: cannot $what it, it is a directory")
    }
    if (!attributes.isRegularFile) {
        throw UserFailure("$path: cannot $what it, it is not a regular file")
    }
}
