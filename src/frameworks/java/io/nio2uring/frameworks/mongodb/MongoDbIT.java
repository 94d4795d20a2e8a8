package io.nio2uring.frameworks.mongodb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.model.Filters;
import com.mongodb.connection.TransportSettings;
import com.mongodb.reactivestreams.client.MongoClient;
import com.mongodb.reactivestreams.client.MongoClients;
import com.mongodb.reactivestreams.client.MongoCollection;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.nio2uring.frameworks.Form;
import io.nio2uring.frameworks.Parallel;
import io.nio2uring.frameworks.Payload;
import io.nio2uring.frameworks.Served;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * MongoDB's driver for reactive streams, on its stream of NIO.2, against a server in this process that speaks the wire
 * protocol on Netty's selectors.
 */
@Timeout(300)
class MongoDbIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int MAX_DOCUMENT_BYTES = 1 << 20;

    // Held here, since the logging package forgets the level of a logger that nobody holds.
    private static final List<Logger> LOGGERS = List.of(Logger.getLogger("org.mongodb"),
            Logger.getLogger("de.bwaldvogel"));

    static {
        LOGGERS.forEach(logger -> logger.setLevel(Level.SEVERE));
    }

    @Test
    void storesAndFindsDocuments() throws Exception {
        Served served = new Served();
        MongoServer server = new MongoServer(new MemoryBackend());
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            MongoClientSettings settings = MongoClientSettings.builder()
                    .applyConnectionString(new ConnectionString(server.bindAndGetConnectionString()))
                    .transportSettings(TransportSettings.asyncBuilder().executorService(threads).build())
                    .build();
            try (MongoClient client = MongoClients.create(settings)) {
                MongoCollection<Document> documents = client.getDatabase("test").getCollection("documents");
                Parallel.run(Form.choose(4, 32), number -> exchange(documents, number));
                served.assertSince(20);
            }
        } finally {
            server.shutdownNow();
            threads.shutdown();
        }
    }

    private static void exchange(MongoCollection<Document> documents, int owner) {
        int count = Form.choose(5, 50);
        List<Document> sent = Flux.range(0, count).map(i -> document(owner, i)).collectList().block();
        Mono.from(documents.insertMany(sent)).block(PATIENCE);
        List<Document> found = Flux.from(documents.find(Filters.eq("owner", owner)).batchSize(3)).collectList()
                .block(PATIENCE);
        assertEquals(count, found.size());
        for (Document document : found) {
            int number = document.getInteger("number");
            assertArrayEquals(content(owner, number), document.get("content", Binary.class).getData());
        }
        assertEquals(count, Mono.from(documents.deleteMany(Filters.eq("owner", owner))).block(PATIENCE)
                .getDeletedCount());
    }

    private static Document document(int owner, int number) {
        return new Document("owner", owner).append("number", number).append("content",
                new Binary(content(owner, number)));
    }

    private static byte[] content(int owner, int number) {
        int length = number == 0 ? MAX_DOCUMENT_BYTES : number * 100;
        return Payload.bytes(owner * 1000L + number, length);
    }
}
