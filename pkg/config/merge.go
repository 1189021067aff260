package config

import "reflect"

// merge lays file and environment over the defaults. Both are of the file's shape: readDocument and readEnv leave out what
// is not.
func merge(file, env map[string]any) *Config {
	cfg := Default()
	if !namesBrokers(file) && !namesBrokers(env) {
		cfg.Kafka.Partitions, cfg.Kafka.Replication, cfg.Kafka.Retention = embeddedPartitions, embeddedReplication, embeddedRetention
	}
	cfg.Datasets = defaultEntries(file["datasets"], DefaultDataset)
	cfg.Sources = defaultEntries(file["sources"], DefaultSource)
	for _, layer := range []map[string]any{file, env} {
		lay(reflect.ValueOf(cfg).Elem(), layer)
	}
	return cfg
}

func namesBrokers(values map[string]any) bool {
	kafka, _ := values["kafka"].(map[string]any)
	brokers, _ := kafka["brokers"].([]string)
	return len(brokers) > 0
}

// defaultEntries is an entry of which nothing is said for each name; the environment names none.
func defaultEntries[E any](named any, entry func() E) map[string]E {
	m := map[string]E{}
	values, _ := named.(map[string]any)
	for name := range values {
		m[name] = entry()
	}
	return m
}

// lay sets what a layer says in v; what it leaves out stays.
func lay(v reflect.Value, layer any) {
	values, nested := layer.(map[string]any)
	switch {
	case !nested:
		v.Set(reflect.ValueOf(layer))
	case v.Kind() == reflect.Map:
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		for name, value := range values { // a map's elements cannot be set in place
			key, elem := reflect.ValueOf(name), reflect.New(v.Type().Elem()).Elem()
			if known := v.MapIndex(key); known.IsValid() {
				elem.Set(known)
			}
			lay(elem, value)
			v.SetMapIndex(key, elem)
		}
	default:
		for i := range v.NumField() {
			if value, said := values[v.Type().Field(i).Tag.Get("yaml")]; said {
				lay(v.Field(i), value)
			}
		}
	}
}
