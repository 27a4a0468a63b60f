import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.mvstore.MVStore;

/**
 * Serves MongoDB's wire protocol on 127.0.0.1, its data in one H2 file: {@code MongoWireServer <file> <port>}.
 *
 * <p>What it answers is on file before the answer goes out, as with a journalled majority write, so that the process may
 * be killed at any time; and what is on file are whole commands, never an index entry without its document.
 */
public final class MongoWireServer extends H2Backend {
  private final ReadWriteLock commands = new ReentrantReadWriteLock();

  private MongoWireServer(MVStore file) {
    super(file);
  }

  @Override
  public Document handleMessage(MongoMessage message) {
    Document answer;
    commands.readLock().lock();
    try {
      answer = super.handleMessage(message);
    } finally {
      commands.readLock().unlock();
    }
    commands.writeLock().lock();
    try {
      getMvStore().commit();
    } finally {
      commands.writeLock().unlock();
    }
    return answer;
  }

  /** Current drivers refuse servers that speak less than wire version 9. */
  private enum Version implements MongoVersion {
    MONGO_4_4;

    @Override
    public List<Integer> getVersionArray() {
      return List.of(4, 4, 0);
    }

    @Override
    public int getWireVersion() {
      return 9;
    }
  }

  public static void main(String[] arguments) {
    MVStore file = new MVStore.Builder().fileName(arguments[0]).autoCommitDisabled().open();
    // Room that no version uses is written over at once; H2 keeps it only for disks that lose what was not flushed.
    file.setRetentionTime(0);
    MongoServer server = new MongoServer(new MongoWireServer(file).version(Version.MONGO_4_4));
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    server.bind("127.0.0.1", Integer.parseInt(arguments[1]));
  }
}
