import { declareParkingLaws } from './parking.ts';
import { declarePartitionLaws } from './partition.ts';
import { openBench } from './setting.ts';

const open = () => openBench();

declarePartitionLaws('the embedded store', open);
declareParkingLaws('the embedded store', open);
