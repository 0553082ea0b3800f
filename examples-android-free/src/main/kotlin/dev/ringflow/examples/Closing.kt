package dev.ringflow.examples

import dev.ringflow.coroutines.closeAndJoin
import dev.ringflow.file.RingFile
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext

/** As `use`, but waits until the file is closed: for when its path is to be renamed or deleted next. */
internal suspend inline fun <T> RingFile.closing(block: (RingFile) -> T): T = try {
    block(this)
} finally {
    withContext(NonCancellable) { closeAndJoin() }
}
