import de.bwaldvogel.mongo.backend.KeyValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ObjectDataType;

/**
 * Writes and compares the keys of an index value by value. Without it H2 turns both keys into bytes by Java's serialization
 * for every comparison on the way down a tree.
 */
final class KeyType extends BasicDataType<KeyValue> {
  private final ObjectDataType values = new ObjectDataType();

  @Override
  public int compare(KeyValue left, KeyValue right) {
    for (int at = 0; at < Math.min(left.size(), right.size()); at++) {
      int order = values.compare(left.get(at), right.get(at));
      if (order != 0) return order;
    }
    return Integer.compare(left.size(), right.size());
  }

  @Override
  public int getMemory(KeyValue key) {
    return 48 + key.stream().mapToInt(values::getMemory).sum();
  }

  @Override
  public void write(WriteBuffer buffer, KeyValue key) {
    buffer.putVarInt(key.size());
    for (Object value : key) values.write(buffer, value);
  }

  @Override
  public KeyValue read(ByteBuffer buffer) {
    int size = DataUtils.readVarInt(buffer);
    List<Object> read = new ArrayList<>(size);
    for (int at = 0; at < size; at++) read.add(values.read(buffer));
    return new KeyValue(read);
  }

  @Override
  public KeyValue[] createStorage(int size) {
    return new KeyValue[size];
  }
}
