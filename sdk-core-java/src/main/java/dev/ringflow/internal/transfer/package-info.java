/**
 * How files are copied, hashed, sent and received: {@link dev.ringflow.file.FileTransfer} is the way in. A
 * {@code TransferRun} is one transfer; {@code Origin} is what is read, {@code Landing} what is written; {@code Hello},
 * {@code Frame} and {@code Reply} say what goes over a connection.
 */
@NullMarked
package dev.ringflow.internal.transfer;

import org.jspecify.annotations.NullMarked;
