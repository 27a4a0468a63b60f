import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DocumentWithPosition;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * Serves MongoDB's wire protocol on 127.0.0.1, its data in one H2 file: {@code MongoWireServer <file> <port>}.
 *
 * <p>What it answers is on file before the answer goes out, as with a journalled majority write, so that the process may
 * be killed at any time; and what is on file are whole commands, never an index entry without its document.
 */
public final class MongoWireServer extends H2Backend {
  private final ReadWriteLock commands = new ReentrantReadWriteLock();
  private final Lock turn = new ReentrantLock();
  private final Condition written = turn.newCondition();
  /** Commands that are done, and how many of them are on file. */
  private long done = 0;
  private long onFile = 0;
  private boolean isWriting = false;

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
    awaitFile();
    return answer;
  }

  /** Returns once all that is done by now is on file. Whoever comes while that is written shares the next time, as with a journal. */
  private void awaitFile() {
    turn.lock();
    try {
      if (!isWriting && !getMvStore().hasUnsavedChanges()) return;
      long mine = ++done;
      while (onFile < mine) {
        if (isWriting) written.awaitUninterruptibly();
        else write();
      }
    } finally {
      turn.unlock();
    }
  }

  /** Lets go of its turn while it writes, so that others can come to wait for theirs. */
  private void write() {
    isWriting = true;
    long until = done;
    turn.unlock();
    try {
      commands.writeLock().lock();
      try {
        getMvStore().commit();
      } finally {
        commands.writeLock().unlock();
      }
    } finally {
      turn.lock();
      isWriting = false;
      written.signalAll();
    }
    onFile = until;
  }

  @Override
  protected MongoDatabase openOrCreateDatabase(String name) {
    return new Database(name);
  }

  private final class Database extends H2Database {
    private Database(String name) {
      super(name, getMvStore(), getCursorRegistry());
    }

    @Override
    protected MongoCollection<Object> openOrCreateCollection(String name, CollectionOptions options) {
      String fullName = getFullCollectionNamespace(name);
      MVMap.Builder<Object, Document> kept = new MVMap.Builder<Object, Document>().valueType(new DocumentType());
      MVMap<Object, Document> documents = getMvStore().openMap("databases." + fullName, kept);
      return new Collection(this, name, options, documents, getMvStore().openMap("meta." + fullName), cursorRegistry);
    }

    @Override
    protected Index<Object> openOrCreateUniqueIndex(String collection, String name, List<IndexKey> keys, boolean sparse) {
      // Under the name that the library gives it: it finds the map open, with our type.
      String fullName = getFullCollectionNamespace(collection) + "._index_" + name;
      getMvStore().openMap(fullName, new MVMap.Builder<KeyValue, Object>().keyType(new KeyType()));
      return super.openOrCreateUniqueIndex(collection, name, keys, sparse);
    }
  }

  /**
   * Reads the one document where a filter names its {@code _id} among other conditions, and only documents that have
   * the field where it names a path into one, as with a sparse index. The library reads all documents then, which MongoDB
   * does not.
   */
  private static final class Collection extends H2Collection {
    /** The documents that have a field, for each field that was ever asked for by a path. */
    private final Map<String, Set<Object>> having = new HashMap<>();

    private Collection(
        Database database,
        String name,
        CollectionOptions options,
        MVMap<Object, Document> documents,
        MVMap<String, Object> meta,
        CursorRegistry cursors) {
      super(database, name, options, documents, meta, cursors);
    }

    @Override
    protected QueryResult matchDocuments(
        Document filter, Document orderBy, int skip, int limit, int batchSize, Document projection) {
      if (filter.get(ID) instanceof String id) {
        Document byId = new Document(ID, id);
        for (Index<Object> index : getIndexes()) {
          if (index.canHandle(byId)) {
            return matchDocuments(filter, index.getPositions(byId), orderBy, skip, limit, batchSize, projection);
          }
        }
      }
      for (String path : filter.keySet()) {
        int dot = path.indexOf('.');
        if (dot > 0) {
          Set<Object> positions = having.computeIfAbsent(path.substring(0, dot), this::positionsHaving);
          return matchDocuments(filter, positions, orderBy, skip, limit, batchSize, projection);
        }
      }
      return super.matchDocuments(filter, orderBy, skip, limit, batchSize, projection);
    }

    private Set<Object> positionsHaving(String field) {
      return streamAllDocumentsWithPosition()
          .filter(each -> each.getDocument().containsKey(field))
          .map(DocumentWithPosition::getPosition)
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    protected Object addDocumentInternal(Document document) {
      Object position = super.addDocumentInternal(document);
      note(position, document);
      return position;
    }

    @Override
    protected void handleUpdate(Object position, Document before, Document after) {
      super.handleUpdate(position, before, after);
      note(position, after);
    }

    @Override
    protected void removeDocument(Object position) {
      super.removeDocument(position);
      having.values().forEach(positions -> positions.remove(position));
    }

    private void note(Object position, Document document) {
      having.forEach(
          (field, positions) -> {
            if (document.containsKey(field)) positions.add(position);
            else positions.remove(position);
          });
    }
  }

  private static final String ID = "_id";

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

  /** With less, the upper pages of a large tree would be read and decoded again and again. */
  private static final int CACHE_MB = 192;

  public static void main(String[] arguments) {
    MVStore file =
        new MVStore.Builder().fileName(arguments[0]).autoCommitDisabled().cacheSize(CACHE_MB).open();
    // Room that no version uses is written over at once; H2 keeps it only for disks that lose what was not flushed.
    file.setRetentionTime(0);
    MongoServer server = new MongoServer(new MongoWireServer(file).version(Version.MONGO_4_4));
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
    server.bind("127.0.0.1", Integer.parseInt(arguments[1]));
  }
}
