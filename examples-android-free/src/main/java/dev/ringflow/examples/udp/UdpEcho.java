package dev.ringflow.examples.udp;

import dev.ringflow.Ring;
import dev.ringflow.RingCallback;
import dev.ringflow.net.DatagramInfo;
import dev.ringflow.net.RingDatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;

/** Sends every datagram back to where it came from: {@code UdpEcho [PORT]}. */
public final class UdpEcho implements AutoCloseable {
    private static final int LARGEST = 65_535;

    private final RingDatagramSocket socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);
    private final DatagramInfo info = new DatagramInfo();
    private final RingCallback<DatagramInfo> received = new RingCallback<>() {
        @Override
        public boolean completed(DatagramInfo datagram) {
            sendBack();
            return true;
        }

        @Override
        public void failed(Throwable cause) {
            receiveAgain(); // such as the message that an earlier answer reached nobody
        }
    };
    private final RingCallback<Integer> sent = new RingCallback<>() {
        @Override
        public boolean completed(Integer bytes) {
            receiveAgain();
            return true;
        }

        @Override
        public void failed(Throwable cause) {
            receiveAgain();
        }
    };

    /**
     * Begins to answer.
     *
     * @param ring the ring
     * @param address where to listen; port 0 lets the system choose
     */
    public UdpEcho(Ring ring, SocketAddress address) {
        socket = ring.bindAsync(address).join();
        ring.execute(this::receiveAgain);
    }

    /**
     * Where it listens.
     *
     * @return the port
     */
    public int port() {
        return socket.localPort();
    }

    private void receiveAgain() {
        if (socket.isOpen()) {
            socket.receive(buffer.clear(), info, received);
        }
    }

    private void sendBack() {
        SocketAddress sender = info.sender();
        if (sender == null) {
            receiveAgain();
        } else {
            socket.send(buffer.flip(), sender, sent);
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    /**
     * Answers until the process is ended.
     *
     * @param arguments the port, any free one if there is none
     * @throws InterruptedException if somebody interrupts it
     */
    public static void main(String... arguments) throws InterruptedException {
        int port = arguments.length == 0 ? 0 : Integer.parseInt(arguments[0]);
        try (Ring ring = Ring.open();
                UdpEcho echo = new UdpEcho(ring, new InetSocketAddress("127.0.0.1", port))) {
            System.out.println("answering on port " + echo.port() + " with driver " + ring.driver());
            new CountDownLatch(1).await();
        }
    }
}
