DROP TABLE pin_activations;
