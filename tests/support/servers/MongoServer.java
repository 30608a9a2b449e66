import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.ServerVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;

/**
 * mongo-java-server, which speaks MongoDB's protocol, on the loopback address. The first argument is
 * the port (0: any), the second a file to keep the data in; without it they are kept in memory. It
 * prints the port when it takes connections, and ends in an orderly way with its standard input.
 */
class Main {
    public static void main(String[] arguments) throws Exception {
        boolean kept = arguments.length > 1;
        MongoBackend backend = kept
            ? new H2Backend(arguments[1]).version(ServerVersion.MONGO_5_0)
            : new MemoryBackend().version(ServerVersion.MONGO_5_0);
        MongoServer server = new MongoServer(backend);
        server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
        System.out.println(server.getLocalAddress().getPort());
        System.out.flush();
        while (System.in.read() >= 0) {
        }
        server.shutdownNow();
        System.exit(0);
    }
}
